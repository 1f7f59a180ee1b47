/** From options to a service that listens. */
import { once } from "node:events";
import { existsSync } from "node:fs";
import { type AddressInfo, isIP } from "node:net";
import { dirname } from "node:path";
import { createSecureContext } from "node:tls";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyServerOptions } from "fastify";
import { InputError, quote } from "../../base/errors/index.ts";
import { FILE_LIMITS, readForeign } from "../../base/files/index.ts";
import { ADDRESSES } from "./addresses.ts";
import { createApp } from "./app.ts";
import { NO_AUDIT, openAuditLog } from "./audit.ts";
import { openChangingEngine } from "./changingEngine.ts";
import { addFrontPage } from "./docsPage.ts";
import type { Engine, EngineOptions } from "./engine.ts";
import { faceHandlers } from "./handlers/faces.ts";
import { peopleHandlers } from "./handlers/people.ts";
import { serviceHandlers } from "./handlers/service.ts";
import { isValid, readKeys } from "./keys.ts";
import { SERVICE_LIMITS, type ServiceLimits } from "./limits.ts";
import type { ServiceMetrics } from "./metrics.ts";
import { type HandledOperation, handled } from "./mount.ts";
import { OPERATIONS } from "./operations/index.ts";
import { watchReadiness } from "./readiness.ts";
import { addThumbnail } from "./thumbnail.ts";
import { watch } from "./watched.ts";

/** Operations, routes and pages beside the API's own. */
export interface Extension {
  readonly operations: readonly HandledOperation[];
  /** Adds further routes under /api/v1, behind the same guard. */
  addRoutes(api: FastifyInstance): void;
  /** Folder of the pages that are served at /. */
  readonly pages: string;
}

export interface ServiceOptions
  extends Pick<EngineOptions, "model" | "locator" | "gallery" | "galleryKey" | "galleryMemory" | "workers"> {
  readonly version: string;
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly keysFile?: string;
  /** Whether the file of keys must be there: it was named, not only looked for. */
  readonly keysNeeded?: boolean;
  readonly auditFile?: string;
  /** Web pages, by origin, that may call from a browser. */
  readonly origins?: readonly string[];
  /** Addresses of proxies whose X-Forwarded-For is believed. */
  readonly trustedProxies?: readonly string[];
  readonly limits?: Partial<ServiceLimits>;
  readonly tls?: { readonly certificate: string; readonly key: string };
  readonly logger?: FastifyServerOptions["logger"];
  /** What is served beside the API: the studio. */
  readonly extend?: (engine: Engine, limits: ServiceLimits) => Extension;
  readonly now?: () => Date;
}

export interface Service {
  readonly app: FastifyInstance;
  /** Where it listens. */
  readonly url: string;
  /** Whether everybody on this machine may do everything: there is no file of keys yet. */
  readonly open: boolean;
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
  if (options.keysNeeded && !(keysFile && existsSync(keysFile))) {
    throw new InputError(`${keysFile}: there is no such file of API keys; deepid key create makes one`);
  }
  for (const origin of options.origins ?? []) checkOrigin(origin);
  for (const proxy of options.trustedProxies ?? []) checkProxy(proxy);
  if (!loopback) await requireKey(host, keysFile, now());
  let metrics: ServiceMetrics | undefined;
  let log: FastifyInstance["log"] | undefined;
  const engine = await openChangingEngine({
    ...options,
    limits,
    now: () => performance.now(),
    onFailure: (err) => log?.error({ err }, "the gallery failed"),
    onDamage: ({ face, person, reason }) =>
      log?.error(
        { face, person, reason },
        "a damaged face is left out of searches; deepid gallery check lists all",
      ),
    onJob: (...job) => metrics?.jobDone(...job),
  });
  let audit = NO_AUDIT;
  try {
    if (options.auditFile) audit = await openAuditLog(options.auditFile, now);
    const extension = options.extend?.(engine, limits);
    const look = watchReadiness({
      gallery: engine.gallery,
      audit,
      folders: foldersOf(options),
      now: () => performance.now(),
    });
    const app = await createApp({
      ...options,
      limits,
      loopback,
      now,
      audit,
      tls: tls && (await readTls(tls)),
      operations(measured) {
        metrics = measured;
        watch(measured, engine, options.gallery);
        const handlers = {
          ...serviceHandlers(engine, limits, look),
          ...faceHandlers(engine, limits),
          ...peopleHandlers(engine, limits),
        };
        return [...handled(OPERATIONS, ADDRESSES, handlers), ...(extension?.operations ?? [])];
      },
      routes(api) {
        addThumbnail(api, engine, audit);
        extension?.addRoutes(api);
      },
    });
    log = app.log;
    app.addHook("onClose", () => engine.close());
    if (extension) await app.register(fastifyStatic, { ...STATIC, root: extension.pages });
    else addFrontPage(app);
    await app.listen({ host, port });
    const open = !(keysFile && existsSync(keysFile)); // loopback: else it would not have come so far
    return { app, url: addressOf(app, host, tls !== undefined), open, close: () => app.close() };
  } catch (error) {
    await audit.close();
    await engine.close();
    throw error;
  }
}

/** Where the service writes. */
const foldersOf = ({ gallery, auditFile }: ServiceOptions): string[] =>
  [gallery, auditFile].flatMap((file) =>
    file === undefined || /^[a-z]{2,}:/i.test(file) ? [] : [dirname(file)],
  );

const STATIC = { cacheControl: true, maxAge: 0, etag: true };

async function requireKey(host: string, keysFile: string | undefined, now: Date): Promise<void> {
  const keys = keysFile === undefined ? [] : await readKeys(keysFile);
  if (keys.some((key) => isValid(key, now))) return;
  throw new InputError(
    `${host}: reachable from other machines, which needs an API key; make one with: deepid key create --name NAME --scope write`,
  );
}

function addressOf(app: FastifyInstance, host: string, secure: boolean): string {
  const { port } = app.server.address() as AddressInfo;
  return `${secure ? "https" : "http"}://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** The certificate and its key, which must be what they are called and go together. */
async function readTls({ certificate, key }: NonNullable<ServiceOptions["tls"]>) {
  const [cert, secret] = await Promise.all(
    [certificate, key].map(async (path) => (await readForeign(path, FILE_LIMITS.small)).toString("utf8")),
  );
  try {
    createSecureContext({ cert, key: secret });
  } catch (cause) {
    const reason = (cause as Error).message;
    throw new InputError(`${certificate} and ${key}: no certificate with its key, both as PEM: ${reason}`, {
      cause,
    });
  }
  return { cert, key: secret };
}

/** An origin as browsers send it; any other would allow nobody, without a word. */
function checkOrigin(origin: string): void {
  const { protocol, origin: sent } = URL.canParse(origin) ? new URL(origin) : { protocol: "", origin: "" };
  if (/^https?:$/.test(protocol) && sent === origin) return;
  throw new InputError(`--allow-origin: needs an origin like https://photos.example, got ${quote(origin)}`);
}

/** An address, or a network. */
function checkProxy(proxy: string): void {
  const [, address = "", bits = "0"] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(proxy) ?? [];
  const length = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  if (Number(bits) <= length) return;
  throw new InputError(`--trust-proxy: needs an address, or a network like 10.0.0.0/8, got ${quote(proxy)}`);
}

/** Serves until `stop` is aborted, then finishes what was accepted. */
export async function serveUntil(
  stop: AbortSignal,
  options: ServiceOptions,
  onStart: (service: Service) => void,
): Promise<void> {
  const service = await startService(options);
  try {
    onStart(service);
    if (!stop.aborted) await once(stop, "abort");
  } finally {
    await service.close();
  }
}
