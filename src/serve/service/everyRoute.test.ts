/** What holds for every operation, whatever it does: keys, scopes, limits, and requests that make no sense. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { afterAll, describe, expect, test } from "vitest";
import { STUDIO_ADDRESSES, STUDIO_OPERATIONS } from "../studio-api/index.ts";
import { ADDRESSES, API_ROOT } from "./addresses.ts";
import { createApp } from "./app.ts";
import { NO_AUDIT } from "./audit.ts";
import { createKey } from "./keys.ts";
import { SERVICE_LIMITS } from "./limits.ts";
import { handled } from "./mount.ts";
import { OPERATIONS, type OperationSchema } from "./operations/index.ts";

const ENDPOINTS = { ...ADDRESSES, ...STUDIO_ADDRESSES };
const SCHEMAS = { ...OPERATIONS, ...STUDIO_OPERATIONS };
type Operation = keyof typeof ENDPOINTS;
const operations = Object.keys(ENDPOINTS) as Operation[];
const schemaOf = (operation: Operation): OperationSchema => SCHEMAS[operation];
const closed = operations.filter((operation) => schemaOf(operation).scope !== "open");
const writing = operations.filter((operation) => ["write", "admin"].includes(schemaOf(operation).scope));
const withBody = operations.filter((operation) => ["POST", "PATCH"].includes(ENDPOINTS[operation][0]));

const CHANGING = ["register", "renamePerson", "mergePeople", "removePerson", "moveFace", "removeFace"];
/** The Training page's and the Work page's, whose answers name folders of this machine. */
const RUNS = ["runs", "startRun", "stopRun", "resumeRun"];
const WORK = ["work", "workFailures"];

/** Every handler would answer; that none of these requests reaches one is the point. */
const reached: string[] = [];
const handlers = Object.fromEntries(
  operations.map((operation) => [operation, () => reached.push(operation)]),
) as never;

const folder = await mkdtemp(join(tmpdir(), "routes-"));
const keysFile = join(folder, "keys.json");
const { token: reader } = await createKey(keysFile, { name: "r", scope: "read" }, new Date());
const { token: admin } = await createKey(keysFile, { name: "a", scope: "admin" }, new Date());
afterAll(() => rm(folder, { recursive: true }));

const create = (limits = SERVICE_LIMITS) =>
  createApp({
    version: "1.2.3",
    limits,
    audit: NO_AUDIT,
    loopback: true,
    keysFile,
    operations: () => handled(SCHEMAS, ENDPOINTS, handlers),
    now: () => new Date("2026-05-01T12:00:00Z"),
  });

async function ask(
  app: FastifyInstance,
  operation: Operation,
  request: { key?: string; body?: string } = {},
) {
  const [method, address] = ENDPOINTS[operation];
  const url = API_ROOT + address.replaceAll(/:\w+/g, "1");
  const headers = {
    ...(request.key && { "x-api-key": request.key }),
    ...(request.body !== undefined && { "content-type": "application/json" }),
  };
  reached.length = 0;
  const response = await app.inject({ method, url, headers, payload: request.body });
  return { status: response.statusCode, problem: response.json(), headers: response.headers };
}

test("what is open to all, and what is for reading, is what it says here", () => {
  expect(operations.filter((operation) => !closed.includes(operation))).toEqual(["health", "live", "ready"]);
  expect(writing).toEqual([...CHANGING, ...RUNS, ...WORK]);
});

describe("every operation", () => {
  test.each(closed)("%s is closed to who has no key, or a wrong one", async (operation) => {
    const app = await create();
    for (const key of [undefined, "dk_nonsense"]) {
      const { status, problem } = await ask(app, operation, { key });
      expect([status, problem.status]).toEqual([401, 401]);
    }
    expect(reached).toEqual([]);
  });

  test.each(writing)("%s changes something: a key for reading does not do", async (operation) => {
    const { status, problem } = await ask(await create(), operation, { key: reader });
    expect([status, problem.status]).toEqual([403, 403]);
    expect(reached).toEqual([]);
  });

  test.each(operations)("%s is asked so many times a minute and no more", async (operation) => {
    const app = await create({ ...SERVICE_LIMITS, requestsPerMinute: 1 });
    await ask(app, operation, { key: admin });
    const { status, problem, headers } = await ask(app, operation, { key: admin });
    expect([status, problem.type]).toEqual([429, "urn:deepid:too-many-requests"]);
    expect(Number(headers["retry-after"])).toBeGreaterThan(0);
    expect(reached).toEqual([]);
  });

  test.each(withBody)("%s refuses what is no JSON, not its own, or too large", async (operation) => {
    const app = await create({ ...SERVICE_LIMITS, maxBytes: 1_000 });
    for (const [body, statuses] of [
      ['{"a":', [400]],
      ['{"unheardOf": [1]}', [400]],
      [`{"a": "${"A".repeat(1_000_000)}"}`, [413]],
    ] as const) {
      const { status, problem } = await ask(app, operation, { key: admin, body });
      expect(statuses, body.slice(0, 30)).toContain(status);
      expect(problem).toMatchObject({ status, title: expect.any(String) });
      expect(JSON.stringify(problem)).not.toMatch(/\.ts|node_modules|\/src\//);
    }
    expect(reached).toEqual([]);
  });
});
