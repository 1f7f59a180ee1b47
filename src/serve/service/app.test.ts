import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Validator } from "@seriousme/openapi-schema-validator";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DataError } from "../../base/errors/index.ts";
import { ADDRESSES } from "./addresses.ts";
import { type AppOptions, createApp } from "./app.ts";
import { type AuditEntry, type AuditLog, NO_AUDIT } from "./audit.ts";
import { createClient, ServiceError } from "./client.ts";
import { createKey } from "./keys.ts";
import { SERVICE_LIMITS } from "./limits.ts";
import { type Handlers, handled } from "./mount.ts";
import { OPERATIONS } from "./operations/index.ts";

/** Faces that were removed. */
const removed: number[] = [];
const RECEIPT = {
  receipt: 1,
  personId: 3,
  time: "2026-05-01T12:00:00Z",
  request: "r",
  person: "Ann",
  personRemoved: false,
  faces: [7],
  codes: 1,
  vectors: 0,
  thumbnails: 0,
  model: "m",
  checks: [],
  pending: [],
};
const operations = (handlers: Handlers) => () => handled(OPERATIONS, ADDRESSES, handlers);
const handlers: Handlers = {
  health: () => ({
    status: "ok",
    uptimeSeconds: 1,
    waiting: 0,
    gallery: "ok",
    audit: "ok",
    disk: "ok",
  }),
  removeFace: ({ face }, { change }) =>
    change({ faces: [String(face)] }, async () => {
      removed.push(face);
      return RECEIPT;
    }),
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

/** What `models` answers in one of the tests. */
let models: () => Promise<{ models: [] }>;

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

test("keys that vanish while it runs let nobody in; who names a file of keys is never open", async () => {
  const keysFile = join(folder, "vanishing-keys.json");
  const { token } = await createKey(keysFile, { name: "a", scope: "admin" }, new Date());
  const app = await create({ keysFile });
  const key = { "x-api-key": token };
  expect((await get(app, "/metrics", key)).statusCode).toBe(200);
  await writeFile(keysFile, '{ "format": "deepid2plus-keys", "keys": [] }');
  expect((await get(app, "/metrics")).statusCode).toBe(401);
  await rm(keysFile);
  for (const headers of [{}, key]) expect((await get(app, "/metrics", headers)).statusCode).toBe(401);
  const named = await create({ keysFile: join(folder, "typo.json"), keysNeeded: true });
  expect((await get(named, "/metrics")).statusCode).toBe(401);
});

/** An audit log that takes its first `lines` lines and then no more. */
const auditThatFills = (lines: number) => {
  const written: AuditEntry[] = [];
  const log = {
    failure: undefined,
    async write(entry: AuditEntry) {
      if (written.length >= lines) throw new Error("ENOSPC");
      written.push(entry);
    },
    close: async () => {},
  } satisfies AuditLog;
  return { log, written };
};

test("a change that the audit log cannot be told of is not made; what was made is answered as made", async () => {
  const full = await create({ audit: auditThatFills(0).log });
  const erase = (app: FastifyInstance) => app.inject({ method: "DELETE", url: "/api/v1/faces/7" });
  removed.length = 0;
  expect((await erase(full)).json()).toMatchObject({ status: 503, type: "urn:deepid:unavailable" });
  expect(removed).toEqual([]);
  const { log, written } = auditThatFills(1);
  const filling = await create({ audit: log });
  const answer = await erase(filling);
  expect(answer.statusCode).toBe(200);
  expect(removed).toEqual([7]);
  expect(written).toEqual([
    { request: expect.any(String), key: null, action: "removeFace", faces: ["7"] }, // before it was done
  ]);
});

test("failed keys, what is forbidden and floods are in the audit log, a flood as one line", async () => {
  const keysFile = join(folder, "refused-keys.json");
  const { key, token } = await createKey(keysFile, { name: "r", scope: "read" }, new Date());
  const { log, written } = auditThatFills(100);
  const app = await create({ keysFile, audit: log, limits: { ...SERVICE_LIMITS, requestsPerMinute: 3 } });
  await get(app, "/metrics");
  await get(app, "/metrics", { "x-api-key": token });
  for (let i = 0; i < 20; i++) await get(app, "/metrics");
  await app.close();
  expect(written).toEqual([
    { key: null, action: "refused", status: 401 },
    { key: key.id, action: "refused", status: 403 },
    { key: null, action: "refused", status: 429 },
    { key: null, action: "refused", status: 401 },
    { key: null, action: "refused", status: 429, count: 18 },
  ]);
});

test("bodies that are nothing but brackets are refused at once", async () => {
  const app = await create();
  for (const unit of ["[", "{},", '"",']) {
    const payload = unit.repeat(16_000 / unit.length);
    const response = await app.inject({
      method: "POST",
      url: "/api/v1/people/Ann/merge",
      headers: { "content-type": "application/json" },
      payload,
    });
    expect(response.json()).toMatchObject({ status: 400, detail: expect.stringContaining("more than") });
  }
});

test("the limit of requests goes by a clock that nobody sets, and tells a proxy's clients apart", async () => {
  let clock = 0;
  let today = new Date("2026-05-01T12:00:00Z");
  const app = await create({
    now: () => today,
    monotonic: () => clock,
    trustedProxies: ["127.0.0.1"],
    limits: { ...SERVICE_LIMITS, requestsPerMinute: 1 },
  });
  const status = async (client: string) =>
    (await get(app, "/health", { "x-forwarded-for": client })).statusCode;
  expect([await status("10.0.0.1"), await status("10.0.0.1"), await status("10.0.0.2")]).toEqual([
    200, 429, 200,
  ]);
  today = new Date("2026-05-01T10:00:00Z"); // set back: nobody waits two hours
  clock += 60_001;
  expect(await status("10.0.0.1")).toBe(200);
  const plain = await create({ limits: { ...SERVICE_LIMITS, requestsPerMinute: 1 } });
  const forged = (client: string) => get(plain, "/health", { "x-forwarded-for": client });
  expect([(await forged("a")).statusCode, (await forged("b")).statusCode]).toEqual([200, 429]);
});

test("whatever is wrong with a request, the answer is a problem with the same headers", async () => {
  const app = await create();
  await app.listen({ host: "127.0.0.1", port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const raw = (text: string) =>
    new Promise<string>((resolve, reject) => {
      let said = "";
      const socket = connect(port, "127.0.0.1", () => socket.end(text));
      socket.on("data", (data) => {
        said += data;
      });
      socket.on("close", () => resolve(said)).on("error", reject);
    });
  const host = `Host: 127.0.0.1:${port}\r\n\r\n`;
  try {
    for (const [request, status] of [
      [`GET /api/v1/people/100% HTTP/1.1\r\n${host}`, 400],
      [`GET /api/v1/people/${"x".repeat(2_000)} HTTP/1.1\r\n${host}`, 414],
      ["nonsense\r\n\r\n", 400],
      [`GET / HTTP/1.1\r\nX: ${"x".repeat(100_000)}\r\n\r\n`, 431],
      [`GET /nothing HTTP/1.1\r\n${host}`, 404],
      ["GET /api/v1/health HTTP/1.1\r\n\r\n", 400],
      [`GET /api/v1/health HTTP/1.1\r\nHost: elsewhere.example\r\n${host}`, 400],
      [`GET /api/v1/health HTTP/1.1\r\nExpect: bananas\r\n${host}`, 417],
      [`CONNECT elsewhere.example:80 HTTP/1.1\r\n${host}`, 405],
    ] as const) {
      const answer = await raw(request);
      expect(answer, request.slice(0, 40)).toMatch(/^HTTP\/1.1 4\d\d/);
      if (status !== 414) expect(answer, request.slice(0, 40)).toContain(`HTTP/1.1 ${status}`);
      expect(answer).toMatch(/content-type: application\/problem\+json/i);
      expect(answer).toMatch(/cache-control: no-store/i);
      expect(answer).toMatch(/x-content-type-options: nosniff/i);
      expect(answer).toMatch(/content-security-policy: default-src 'none'/i);
    }
  } finally {
    await app.close();
  }
});

test("a form that never ends is refused when it has become too large, whatever it is made of", async () => {
  const app = await create({
    limits: { ...SERVICE_LIMITS, maxBytes: 100_000 },
    operations: operations({
      represent: () => Promise.reject(new Error("a form that never ended was answered")),
    }),
  });
  await app.listen({ host: "127.0.0.1", port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const head = `POST /api/v1/represent HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: multipart/form-data; boundary=b\r\n`;
  const endless = async (start: string, framing: string) => {
    const socket = connect(port, "127.0.0.1");
    let said = "";
    socket.on("data", (data) => {
      said += data;
    });
    socket.on("error", () => {}); // it is cut off while it sends
    const more = "a".repeat(20_000);
    socket.write(`${head}${framing}\r\n`);
    for (const text of [start, ...Array.from({ length: 30 }, () => more)]) {
      socket.write(`${text.length.toString(16)}\r\n${text}\r\n`);
    }
    await once(socket, "close");
    return said;
  };
  const part = "--b\r\nContent-Disposition: form-data; name=";
  try {
    for (const start of [
      "before the first part",
      `${part}"aligned"\r\n\r\n`,
      `${part}"image"; filename="a"\r\n\r\n`,
      `${part}"`,
    ]) {
      const said = await endless(start, "Transfer-Encoding: chunked\r\n");
      expect(said, start).toMatch(/^HTTP\/1.1 413/);
      expect(said, start).toMatch(/application\/problem\+json/);
    }
    expect(await endless("", "Content-Length: 9000000000\r\n")).toMatch(/^HTTP\/1.1 413/);
  } finally {
    await app.close();
  }
});

test("a form's part without a name, and a text that is cut, are told so", async () => {
  const app = await create({
    operations: operations({ represent: () => Promise.reject(new Error("answered")) }),
  });
  const send = (part: string) =>
    app.inject({
      method: "POST",
      url: "/api/v1/represent",
      headers: { "content-type": "multipart/form-data; boundary=b" },
      payload: `--b\r\nContent-Disposition: form-data${part}\r\n--b--\r\n`,
    });
  const nameless = await send("\r\n\r\nx");
  expect([nameless.statusCode, nameless.json().detail]).toEqual([400, "A part of the form has no name."]);
  const cut = await send(`; name="image"\r\n\r\n${"A".repeat(10_000)}`);
  expect(cut.statusCode).toBe(413);
  expect(cut.json().detail).toMatch(/^image: .* sent as files/);
  await app.close();
});

test("closing does not wait for who sent nothing or half a request, and gives the others their answer", async () => {
  let answer = () => {};
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const asked = new Promise<void>((resolve) => {
    models = async () => {
      resolve();
      await held;
      return { models: [] };
    };
  });
  const app = await create({ operations: operations({ ...handlers, models: () => models() }) });
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const idle = [
    "",
    "GET /api/v1/health HT",
    "POST /api/v1/verify HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{",
  ].map(async (text) => {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    socket.write(text);
    return once(socket.resume(), "close");
  });
  const whole = fetch(`${url}/api/v1/models`);
  await asked;
  const closed = app.close();
  await Promise.all(idle);
  answer();
  expect((await whole).status).toBe(200);
  await closed;
});

test("a request that never ends is cut off when the service has to stop", async () => {
  const endless = { ...handlers, models: () => new Promise<never>(() => {}) };
  const app = await create({
    operations: operations(endless),
    limits: { ...SERVICE_LIMITS, closeMs: 50 },
  });
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  const asked = fetch(`${url}/api/v1/models`).catch((error: Error) => error.name);
  await once(app.server, "request");
  await app.close();
  expect(await asked).toBe("TypeError");
});

test("answers about people are not kept by anybody on the way", async () => {
  const app = await create();
  for (const url of ["/health", "/models", "/nothing"]) {
    expect((await get(app, url)).headers["cache-control"], url).toBe("no-store");
  }
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
