import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { noPostgres, startPostgres, type TestServer } from "../../../test/support/postgres.ts";
import { found, galleriesAt, query, randomFaces } from "../../../test/support/postgresGallery.ts";
import { SUITE_SETTINGS } from "../../../test/support/storeSettings.ts";
import { InputError } from "../../base/errors/index.ts";
import { openStore } from "./index.ts";
import { POSTGRES_LIMITS } from "./postgres/connection.ts";

const skipped = noPostgres && ` (skipped: ${noPostgres})`;
const { face } = randomFaces(11);

describe.skipIf(Boolean(noPostgres))(`a PostgreSQL server in trouble${skipped}`, () => {
  let server: TestServer;
  const galleries = galleriesAt(() => server.url());
  beforeAll(async () => {
    server = await startPostgres({ max_connections: 12, superuser_reserved_connections: 0 });
  }, 240_000);
  afterAll(async () => {
    await galleries.close();
    await server?.stop();
  });

  test("a full one refuses each call at once, says why, and serves again when there is room", {
    timeout: 60_000,
  }, async () => {
    const store = await galleries.fresh();
    await store.add([face("Ann")]);
    const late = await openStore(server.url(), SUITE_SETTINGS);
    await query(
      server.url(),
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()",
    );
    const others = await fill(server.url());
    const started = performance.now();
    for (const call of [() => late.people(), () => found(late), () => late.add([face("Bob")])]) {
      const refusal = await call().then(
        () => undefined,
        (error) => error,
      );
      expect(refusal).toBeInstanceOf(InputError);
      expect(refusal.message).toMatch(/a server has no room left: .*too many clients/);
    }
    expect(performance.now() - started).toBeLessThan(10_000);
    for (const one of others) await one.end();
    await expect.poll(() => late.add([face("Bob")]).catch(() => []), { timeout: 10_000 }).toHaveLength(1);
    expect((await late.people()).map(({ name }) => name)).toEqual(["Ann", "Bob"]);
    await late.close();
  });

  test("a slow one is given up after the time limit, and asked again afterwards", {
    timeout: 90_000,
  }, async () => {
    const store = await galleries.fresh();
    await store.add([face("Ann")]);
    const slow = await slowRoad(server.url());
    const reader = await openStore(slow.url, SUITE_SETTINGS);
    expect(await found(reader)).toHaveLength(1);
    slow.setDelay(60_000);
    const started = performance.now();
    const calls = await Promise.allSettled([reader.people(), found(reader), reader.add([face("Bob")])]);
    expect(performance.now() - started).toBeLessThan(POSTGRES_LIMITS.queryMs + 10_000);
    for (const call of calls) {
      expect(call).toMatchObject({
        status: "rejected",
        reason: { message: expect.stringContaining("does not answer") },
      });
    }
    slow.setDelay(0);
    await expect.poll(() => found(reader).catch(() => []), { timeout: 10_000 }).not.toHaveLength(0);
    expect((await store.check()).damage).toEqual([]);
    await reader.close();
    await slow.close();
  });
});

/** Clients until the server takes no more. */
async function fill(url: string): Promise<pg.Client[]> {
  const clients: pg.Client[] = [];
  for (;;) {
    const client = new pg.Client({ connectionString: url });
    client.on("error", () => {});
    try {
      await client.connect();
      clients.push(client);
    } catch {
      return clients;
    }
  }
}

/** A way to the server on which every answer comes late. */
async function slowRoad(url: string) {
  const { hostname, port } = new URL(url);
  let delay = 0;
  const sockets = new Set<Socket>();
  const road = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => {}).on("close", () => void [near, far].forEach((one) => void one.destroy()));
    }
    near.pipe(far);
    far.on("data", (bytes) => void setTimeout(() => near.writable && near.write(bytes), delay).unref());
  }).listen(0, "127.0.0.1");
  await once(road, "listening");
  const address = new URL(url);
  address.port = String((road.address() as { port: number }).port);
  return {
    url: address.href,
    setDelay(ms: number) {
      delay = ms;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      road.close();
      await once(road, "close");
    },
  };
}
