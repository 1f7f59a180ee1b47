/** What the service counts, for Prometheus. Routes and numbers only: no names, no addresses. */
import type { FastifyInstance } from "fastify";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

export interface ServiceMetrics {
  readonly contentType: string;
  text(): Promise<string>;
  jobDone(method: string, waitedMs: number, ranMs: number): void;
  /** Shows numbers that are asked for when they are wanted. */
  watch(name: string, help: string, read: () => number | Promise<number>): void;
}

export function createMetrics(app: FastifyInstance): ServiceMetrics {
  const registers = [new Registry()];
  const [registry] = registers;
  collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: "deepid_requests_total",
    help: "Requests answered.",
    labelNames: ["method", "route", "status"],
    registers,
  });
  const seconds = new Histogram({
    name: "deepid_request_seconds",
    help: "Seconds from a request's first byte to its answer.",
    labelNames: ["route"],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  const job = (name: string, help: string) =>
    new Histogram({
      name,
      help,
      labelNames: ["job"],
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers,
    });
  const waited = job("deepid_job_wait_seconds", "Seconds that a picture waited for a worker.");
  const ran = job("deepid_job_seconds", "Seconds that a worker spent on a picture.");
  app.addHook("onResponse", async (request, reply) => {
    const route = request.routeOptions.url ?? "none"; // the pattern, not the address: no ids, and few of them
    requests.inc({ method: request.method, route, status: reply.statusCode });
    seconds.observe({ route }, reply.elapsedTime / 1000);
  });
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    jobDone(method, waitedMs, ranMs) {
      waited.observe({ job: method }, waitedMs / 1000);
      ran.observe({ job: method }, ranMs / 1000);
    },
    watch(name, help, read) {
      new Gauge({
        name,
        help,
        registers,
        async collect() {
          this.set(await read());
        },
      });
    },
  };
}
