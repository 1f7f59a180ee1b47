/** The HTTP service: what every request goes through, and the routes. Needs no socket: tests inject requests. */
import { randomUUID } from "node:crypto";
import helmet from "@fastify/helmet";
import multipart from "@fastify/multipart";
import rateLimit from "@fastify/rate-limit";
import Fastify, { type FastifyInstance, type FastifyServerOptions, LogController } from "fastify";
import { serializerCompiler, validatorCompiler } from "fastify-type-provider-zod";
import type { OpenAPIV3_1 } from "openapi-types";
import { API_ROOT } from "./addresses.ts";
import type { AuditLog } from "./audit.ts";
import { limitBodies, refuseCompression } from "./bodies.ts";
import { docsPage } from "./docsPage.ts";
import { drainOnClose } from "./drain.ts";
import { readForms } from "./form.ts";
import { type GuardOptions, refuseForeignPages, requireKeys } from "./guard.ts";
import { readJson } from "./json.ts";
import type { ServiceLimits } from "./limits.ts";
import { createMetrics, type ServiceMetrics } from "./metrics.ts";
import { type HandledOperation, mount } from "./mount.ts";
import { describeApi } from "./openapi.ts";
import {
  answerClientError,
  answerFrameworkError,
  answerUnmet,
  answerWithProblems,
  Problem,
} from "./problem.ts";
import { rateStore } from "./rateStore.ts";
import { auditRefusals } from "./refusals.ts";

export interface AppOptions extends GuardOptions {
  readonly version: string;
  readonly limits: ServiceLimits;
  readonly audit: AuditLog;
  readonly logger?: FastifyServerOptions["logger"];
  /** Addresses of proxies whose X-Forwarded-For is believed, so that their clients are told apart. */
  readonly trustedProxies?: readonly string[];
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Milliseconds by a clock that nobody sets; default: the process's own. */
  readonly monotonic?: () => number;
  /** The operations, and what answers them. */
  readonly operations: (metrics: ServiceMetrics) => readonly HandledOperation[];
  /** Further routes, under /api/v1 and behind the same guard. */
  readonly routes?: (api: FastifyInstance) => void;
}

/** Pages may load what this service serves, and nothing else. */
const POLICY = {
  useDefaults: false,
  directives: {
    "default-src": ["'none'"],
    "script-src": ["'self'", "'wasm-unsafe-eval'"],
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "data:", "blob:"],
    "connect-src": ["'self'"],
    "worker-src": ["'self'", "blob:"],
    "font-src": ["'self'"],
    "frame-src": ["'self'"],
    "base-uri": ["'none'"],
    "form-action": ["'none'"],
    "frame-ancestors": ["'self'"],
  },
};

/** A client that speaks no TLS is not waited for, not even when the service stops. */
const HANDSHAKE_MS = 5_000;

/** A request without a host is refused with a problem, which Node would not give it. */
const SERVER = { requireHostHeader: false };

/** Builds the service; it listens when told to. */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const { limits, tls, trustedProxies = [] } = options;
  const app = Fastify({
    logger: options.logger ?? false,
    logController: new LogController({ disableRequestLogging: true }), // addresses of clients are nobody's business
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    requestTimeout: limits.requestMs,
    connectionTimeout: 2 * limits.requestMs + limits.jobMs,
    bodyLimit: 16_384,
    routerOptions: { maxParamLength: 1_000 },
    forceCloseConnections: false, // drainOnClose does it
    trustProxy: trustedProxies.length > 0 && [...trustedProxies],
    frameworkErrors: answerFrameworkError,
    clientErrorHandler: answerClientError,
    ...(tls ? { https: { ...tls, ...SERVER, handshakeTimeout: HANDSHAKE_MS } } : { http: SERVER }),
  } as FastifyServerOptions) as FastifyInstance;
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  drainOnClose(app, { deadlineMs: limits.closeMs, secure: tls !== undefined });
  answerWithProblems(app);
  answerUnmet(app.server);
  readJson(app);
  app.addHook("onRequest", async (_, reply) => void reply.header("cache-control", "no-store")); // unless a route knows better
  await app.register(helmet, {
    contentSecurityPolicy: POLICY,
    strictTransportSecurity: tls !== undefined,
    xFrameOptions: { action: "sameorigin" },
  });
  auditRefusals(app, options.audit);
  refuseForeignPages(app, options);
  await app.register(async (api) => openApi(api, options), { prefix: API_ROOT });
  app.addHook("onClose", () => options.audit.close());
  return app;
}

async function openApi(api: FastifyInstance, options: AppOptions): Promise<void> {
  const { limits, audit, version, origins = [] } = options;
  const metrics = createMetrics(api);
  await api.register(multipart, {
    limits: { fileSize: limits.maxBytes, fieldSize: 4_096, headerPairs: 50, fieldNameSize: 100 },
    throwFileSizeLimit: true,
  });
  await api.register(rateLimit, {
    max: limits.requestsPerMinute,
    timeWindow: 60_000,
    store: rateStore(options.monotonic ?? (() => performance.now())),
    errorResponseBuilder: (_, { ttl }) =>
      new Problem("too-many-requests", `One client may ask ${limits.requestsPerMinute} times a minute.`, {
        retryAfterSeconds: ttl / 1000,
      }),
  });
  requireKeys(api, options);
  allowOrigins(api, origins);
  limitBodies(api, limits.bodies);
  refuseCompression(api);
  readForms(api);
  await describeApi(api, version);
  for (const operation of options.operations(metrics)) mount(api, operation, { limits, audit });
  options.routes?.(api);
  const hidden = { schema: { hide: true } };
  api.get("/metrics", { ...hidden, config: { scope: "admin" } }, async (_, reply) =>
    reply.type(metrics.contentType).send(await metrics.text()),
  );
  const written = new Map<string, Buffer>(); // once, and the same bytes for everybody who is slow to take them
  const once = (name: string, write: () => string) => {
    const bytes = written.get(name) ?? Buffer.from(write());
    written.set(name, bytes);
    return bytes;
  };
  api.get("/openapi.json", { ...hidden, config: { scope: "open" } }, async (_, reply) =>
    reply.type("application/json; charset=utf-8").send(once("json", () => JSON.stringify(api.swagger()))),
  );
  api.get("/docs", { ...hidden, config: { scope: "open" } }, async (_, reply) =>
    reply
      .type("text/html; charset=utf-8")
      .send(once("page", () => docsPage(api.swagger() as unknown as OpenAPIV3_1.Document))),
  );
}

/** Lets the pages of `origins` read answers in a browser; none by default. */
function allowOrigins(api: FastifyInstance, origins: readonly string[]): void {
  if (origins.length === 0) return;
  api.addHook("onRequest", async (request, reply) => {
    const { origin } = request.headers;
    if (origin === undefined || !origins.includes(origin)) return;
    reply.headers({ "access-control-allow-origin": origin, vary: "origin", "access-control-max-age": "600" });
    if (request.method === "OPTIONS") {
      const allowed = { "access-control-allow-methods": "GET, POST, PATCH, DELETE" };
      reply.headers({ ...allowed, "access-control-allow-headers": "content-type, x-api-key, authorization" });
      return reply.code(204).send();
    }
  });
  api.options("/*", { schema: { hide: true }, config: { scope: "open" } }, async (_, reply) =>
    reply.code(204).send(),
  );
}
