import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Validator } from "@seriousme/openapi-schema-validator";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DataError } from "../../base/errors/index.ts";
import { ADDRESSES } from "./addresses.ts";
import { type AppOptions, createApp } from "./app.ts";
import { NO_AUDIT } from "./audit.ts";
import { createClient, ServiceError } from "./client.ts";
import { createKey } from "./keys.ts";
import { SERVICE_LIMITS } from "./limits.ts";
import { type Handlers, handled } from "./mount.ts";
import { OPERATIONS } from "./operations/index.ts";

const operations = (handlers: Handlers) => () => handled(OPERATIONS, ADDRESSES, handlers);
const handlers: Handlers = {
  health: () => ({ status: "ok" as const, uptimeSeconds: 1, waiting: 0 }),
  models: () => {
    throw new Error("secret /home/somebody/model");
  },
};
const create = (options: Partial<AppOptions> = {}) =>
  createApp({
    version: "1.2.3",
    limits: SERVICE_LIMITS,
    audit: NO_AUDIT,
    loopback: true,
    now: () => new Date("2026-05-01T12:00:00Z"),
    operations: operations(handlers),
    ...options,
  });
const get = (app: FastifyInstance, url: string, headers: Record<string, string> = {}) =>
  app.inject({ method: "GET", url: `/api/v1${url}`, headers });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "app-"));
});
afterAll(() => rm(folder, { recursive: true }));

test("its OpenAPI document is valid, and its page shows every operation", async () => {
  const app = await create();
  const document = (await get(app, "/openapi.json")).json();
  expect(await new Validator().validate(document)).toMatchObject({ valid: true });
  const page = await get(app, "/docs");
  expect(page.headers["content-type"]).toMatch(/^text\/html/);
  for (const path of Object.keys(document.paths)) expect(page.body).toContain(path);
});

test("a bug is answered without its message or stack", async () => {
  const response = await get(await create(), "/models");
  expect(response.statusCode).toBe(500);
  expect(response.headers["content-type"]).toMatch(/^application\/problem\+json/);
  expect(response.json()).toMatchObject({ type: "urn:deepid:bug", status: 500 });
  expect(response.body).not.toMatch(/secret|somebody|at .*\.ts/);
});

test("what is not there is a problem too", async () => {
  const app = await create();
  for (const [method, url] of [
    ["GET", "/nothing"],
    ["DELETE", "/health"],
    ["POST", "/models"],
  ] as const) {
    const response = await app.inject({ method, url: `/api/v1${url}` });
    expect(response.json()).toMatchObject({ status: 404, type: "urn:deepid:not-found" });
  }
});

test("pages of other sites and names that are not ours are refused", async () => {
  const app = await create();
  const status = async (headers: Record<string, string>) => (await get(app, "/health", headers)).statusCode;
  expect(await status({ host: "127.0.0.1:8010", origin: "http://127.0.0.1:8010" })).toBe(200);
  expect(await status({ host: "[::1]:8010" })).toBe(200);
  expect(await status({ host: "localhost:8010", origin: "http://evil.example" })).toBe(403);
  expect(await status({ host: "localhost:8010", origin: "null" })).toBe(403);
  expect(await status({ host: "rebound.example:8010" })).toBe(403);
});

test("no page of another origin can read answers unless it was allowed", async () => {
  const origin = "https://photos.example";
  const closed = await get(await create(), "/health");
  expect(closed.headers["access-control-allow-origin"]).toBeUndefined();
  const open = await create({ origins: [origin] });
  expect((await get(open, "/health", { origin })).headers["access-control-allow-origin"]).toBe(origin);
  const preflight = await open.inject({ method: "OPTIONS", url: "/api/v1/models", headers: { origin } });
  expect(preflight.statusCode).toBe(204);
  expect(preflight.headers["access-control-allow-headers"]).toContain("x-api-key");
});

test("a damaged file of keys lets nobody in, and tells nobody where it lies", async () => {
  const keysFile = join(folder, "damaged-keys.json");
  await createKey(keysFile, { name: "r", scope: "read" }, new Date());
  const app = await create({ keysFile });
  await writeFile(keysFile, "{");
  const response = await get(app, "/metrics");
  expect(response.statusCode).toBe(500);
  expect(response.body).not.toContain("damaged-keys");
});

test("where keys exist they are asked for, and their scopes hold", async () => {
  const keysFile = join(folder, "keys.json");
  const app = await create({ keysFile });
  expect((await get(app, "/metrics")).statusCode).toBe(200); // no keys, loopback
  const { token: reader } = await createKey(keysFile, { name: "r", scope: "read" }, new Date());
  const { token: admin } = await createKey(keysFile, { name: "a", scope: "admin" }, new Date());
  const missing = await get(app, "/metrics");
  expect(missing.statusCode).toBe(401);
  expect(missing.headers["www-authenticate"]).toBe("Bearer");
  expect((await get(app, "/metrics", { "x-api-key": "dk_nonsense" })).statusCode).toBe(401);
  expect((await get(app, "/metrics", { "x-api-key": reader })).statusCode).toBe(403);
  expect((await get(app, "/metrics", { authorization: `Bearer ${admin}` })).statusCode).toBe(200);
  expect((await get(app, "/health")).statusCode).toBe(200); // open to load balancers
});

test("beyond loopback nothing but health is answered while there are no keys", async () => {
  const app = await create({ loopback: false, keysFile: join(folder, "none.json") });
  expect((await get(app, "/models")).statusCode).toBe(401);
});

test("one client may ask so many times a minute", async () => {
  const app = await create({ limits: { ...SERVICE_LIMITS, requestsPerMinute: 2 } });
  const statuses = [];
  for (let i = 0; i < 3; i++) statuses.push((await get(app, "/health")).statusCode);
  expect(statuses).toEqual([200, 200, 429]);
  const refused = await get(app, "/health");
  expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
  expect(refused.json()).toMatchObject({ type: "urn:deepid:too-many-requests", status: 429 });
});

test("who asks without a key too often is sent away like everybody", async () => {
  const keysFile = join(folder, "flooded-keys.json");
  await createKey(keysFile, { name: "r", scope: "read" }, new Date());
  const origin = "https://photos.example";
  const app = await create({
    keysFile,
    origins: [origin],
    limits: { ...SERVICE_LIMITS, requestsPerMinute: 2 },
  });
  const answers = [];
  for (let i = 0; i < 3; i++) answers.push(await get(app, "/models", { origin }));
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([401, 401, 429]);
  // and a page that may call is told, by an answer that its browser lets it read
  for (const { headers } of answers) expect(headers["access-control-allow-origin"]).toBe(origin);
});

test("a failure that names a place of this machine is the service's own, whatever its class", async () => {
  const app = await create({
    operations: operations({
      models: () => {
        throw new DataError("/var/lib/people.sqlite: a database of another kind");
      },
    }),
  });
  const response = await get(app, "/models");
  expect(response.statusCode).toBe(500);
  expect(response.body).not.toContain("/var/lib");
});

test("answers carry headers that keep browsers from mischief", async () => {
  const { headers } = await get(await create(), "/health");
  expect(headers["content-security-policy"]).toContain("default-src 'none'");
  expect(headers["x-content-type-options"]).toBe("nosniff");
  expect(headers["referrer-policy"]).toBe("no-referrer");
});

test("Prometheus reads what was counted, by route", async () => {
  const app = await create();
  await get(app, "/health");
  await get(app, "/models");
  const { body } = await get(app, "/metrics");
  expect(body).toMatch(/deepid_requests_total\{method="GET",route="\/api\/v1\/health",status="200"\} 1/);
  expect(body).toMatch(/deepid_requests_total\{method="GET",route="\/api\/v1\/models",status="500"\} 1/);
});

test("the client returns answers and throws problems", async () => {
  const app = await create();
  const overInject = async (url: string | URL | Request, init?: RequestInit) => {
    const { method = "GET", headers, body } = init ?? {};
    const response = await app.inject({
      method: method as "GET",
      url: new URL(String(url)).pathname,
      headers: headers as Record<string, string>,
      payload: body as string,
    });
    return new Response(response.body, { status: response.statusCode });
  };
  const client = createClient("http://localhost", { fetch: overInject });
  expect((await client.health({})).status).toBe("ok");
  const failure = await client.models({}).catch((error) => error);
  expect(failure).toBeInstanceOf(ServiceError);
  expect(failure).toMatchObject({ status: 500, problem: { type: "urn:deepid:bug" } });
});
