/**
 * `npx tsx bench/load.ts [URL]`: 50 clients at a time, each asking again as soon as it is answered; requests a second,
 * latencies and refusals. Without an address a service is started here, with one worker for each core but one.
 */
import { availableParallelism } from "node:os";
import { createClient, ServiceError } from "../src/service/index.ts";
import { startTestService, syntheticFace } from "../test/support/service.ts";

const CLIENTS = 50;
const SECONDS = 20;

const own = process.argv[2] === undefined;
const workers = Math.max(1, availableParallelism() - 1);
const service = own ? await startTestService({ workers }) : undefined;
const url = service?.url ?? process.argv[2];
try {
  const client = createClient(url, { key: process.env.DEEPID_KEY });
  const face = await syntheticFace({ url }, "person-0001_1");
  const image = face.toString("base64");
  const latencies: number[] = [];
  let [refused, failed] = [0, 0];
  const end = performance.now() + SECONDS * 1_000;
  const ask = async () => {
    while (performance.now() < end) {
      const started = performance.now();
      try {
        await client.represent({ image, aligned: true });
        latencies.push(performance.now() - started);
      } catch (error) {
        if (!(error instanceof ServiceError && error.status === 429)) failed++;
        else {
          refused++;
          await new Promise((resolve) => setTimeout(resolve, 1_000 * (error.retryAfterSeconds ?? 1)));
        }
      }
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, ask));
  latencies.sort((a, b) => a - b);
  const at = (share: number) =>
    Math.round(latencies[Math.floor(share * (latencies.length - 1))] ?? Number.NaN);
  const result = {
    clients: CLIENTS,
    ...(own && { workers }),
    perSecond: Number((latencies.length / SECONDS).toFixed(1)),
    latencyMs: { median: at(0.5), p95: at(0.95), p99: at(0.99) },
    refused,
    failed,
  };
  console.log(JSON.stringify(result, null, 2));
  process.exitCode = failed > 0 ? 1 : 0;
} finally {
  await service?.close();
}
