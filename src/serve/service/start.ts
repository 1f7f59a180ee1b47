/** From options to a service that listens. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyServerOptions } from "fastify";
import { InputError } from "../../base/errors/index.ts";
import { isSystem } from "../../nets/net/index.ts";
import { createApp } from "./app.ts";
import { NO_AUDIT, openAuditLog } from "./audit.ts";
import { type EngineOptions, openEngine } from "./engine.ts";
import { faceHandlers } from "./handlers/faces.ts";
import { peopleHandlers } from "./handlers/people.ts";
import { type StudioOptions, studioHandlers } from "./handlers/studio.ts";
import { isValid, readKeys } from "./keys.ts";
import { SERVICE_LIMITS, type ServiceLimits } from "./limits.ts";
import type { ServiceMetrics } from "./metrics.ts";
import type { Handlers } from "./mount.ts";
import { syntheticPeople } from "./people.ts";
import { addFileRoutes } from "./routes.ts";

export interface ServiceOptions
  extends Pick<EngineOptions, "model" | "locator" | "gallery" | "galleryKey" | "workers"> {
  readonly version: string;
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly keysFile?: string;
  readonly auditFile?: string;
  /** Web pages, by origin, that may call from a browser. */
  readonly origins?: readonly string[];
  readonly limits?: Partial<ServiceLimits>;
  readonly tls?: { readonly certificate: string; readonly key: string };
  readonly logger?: FastifyServerOptions["logger"];
  /** The studio's pages: the folder they were built into, and what they show. */
  readonly studio?: { readonly folder: string } & Pick<StudioOptions, "run" | "results" | "paper">;
  readonly now?: () => Date;
}

export interface Service {
  readonly app: FastifyInstance;
  /** Where it listens. */
  readonly url: string;
  /** Takes no new requests, finishes those it has, and lets go of everything. */
  close(): Promise<void>;
}

/** Whether only this machine can reach a service on `host`. */
export const isLoopback = (host: string): boolean => /^(?:localhost|127\.\d+\.\d+\.\d+|::1)$/.test(host);

/** Opens the model and the gallery, and listens. Beyond loopback it refuses to without an API key. */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { host, port, keysFile, tls, now = () => new Date() } = options;
  const limits = { ...SERVICE_LIMITS, ...options.limits };
  const loopback = isLoopback(host);
  if (!loopback) await requireKey(host, keysFile, now());
  if (options.studio && !existsSync(join(options.studio.folder, "index.html"))) {
    throw new InputError(`${options.studio.folder}: the studio is not built; run: npm run build`);
  }
  let metrics: ServiceMetrics | undefined;
  let log: FastifyInstance["log"] | undefined;
  const engine = await openEngine({
    ...options,
    limits,
    now: () => performance.now(),
    onFailure: (err) => log?.error({ err }, "the gallery failed"),
    onJob: (...job) => metrics?.jobDone(...job),
  });
  try {
    const people = syntheticPeople(engine.draw);
    const audit = options.auditFile ? await openAuditLog(options.auditFile, now) : NO_AUDIT;
    const browserModel = options.studio && !isSystem(options.model) ? options.model : undefined;
    const studio = options.studio && { ...options.studio, browserNet: browserModel !== undefined, limits };
    const app = await createApp({
      ...options,
      limits,
      loopback,
      now,
      audit,
      tls: tls && { cert: await readFile(tls.certificate, "utf8"), key: await readFile(tls.key, "utf8") },
      handlers(measured) {
        metrics = measured;
        measured.watch("deepid_jobs_waiting", "Pictures that wait for a worker.", () => engine.pool.waiting);
        measured.watch(
          "deepid_gallery_faces",
          "Faces in the gallery.",
          async () => (await engine.gallery.count()).faces,
        );
        return {
          ...serviceHandlers(engine, limits),
          ...faceHandlers(engine, limits),
          ...peopleHandlers(engine, limits, now),
          ...(studio && studioHandlers(engine, people, studio)),
        } satisfies Handlers;
      },
      routes: (api) =>
        addFileRoutes(api, {
          engine,
          audit,
          people,
          browserModel,
          studio: options.studio,
        }),
    });
    log = app.log;
    app.addHook("onClose", () => engine.close());
    if (options.studio) {
      await app.register(fastifyStatic, {
        root: options.studio.folder,
        cacheControl: true,
        maxAge: 0,
        etag: true,
      });
    }
    await app.listen({ host, port });
    return { app, url: addressOf(app, host, tls !== undefined), close: () => app.close() };
  } catch (error) {
    await engine.close();
    throw error;
  }
}

async function requireKey(host: string, keysFile: string | undefined, now: Date): Promise<void> {
  const keys = keysFile === undefined ? [] : await readKeys(keysFile);
  if (keys.some((key) => isValid(key, now))) return;
  throw new InputError(
    `${host}: reachable from other machines, which needs an API key; make one with: deepid key create --name NAME --scope write`,
  );
}

const serviceHandlers = (
  { about, pool }: Awaited<ReturnType<typeof openEngine>>,
  { queue }: ServiceLimits,
) => ({
  health: () => ({
    status: pool.waiting < queue ? ("ok" as const) : ("busy" as const),
    uptimeSeconds: Math.round(process.uptime()),
    waiting: pool.waiting,
  }),
  models: () => {
    const { model: name, ...rest } = about;
    return { models: [{ ...rest, name }] };
  },
});

function addressOf(app: FastifyInstance, host: string, secure: boolean): string {
  const { port } = app.server.address() as AddressInfo;
  return `${secure ? "https" : "http"}://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
