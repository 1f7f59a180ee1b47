import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { noPostgres, startPostgres, type TestServer } from "../../../test/support/postgres.ts";
import { query } from "../../../test/support/postgresGallery.ts";
import { type ImportJob, newBatch } from "./jobs.ts";
import { type WorkWatch, watchWork } from "./overview.ts";
import { openWorkQueue, RETRIES, type WorkQueue } from "./queue.ts";

const skipped = noPostgres && ` (skipped: ${noPostgres})`;

/** Jobs of `size` pictures each. */
function jobsOf(images: string, jobs: number, size: number): ImportJob[] {
  const batch = newBatch(jobs * size);
  return Array.from({ length: jobs }, (_, k) => ({
    images,
    batch,
    pictures: Array.from({ length: size }, (_, i) => `P${k}/${i}`),
  }));
}

describe.skipIf(Boolean(noPostgres))(`the work, batch by batch${skipped}`, () => {
  let server: TestServer;
  let queue: WorkQueue;
  let watched: WorkWatch;
  beforeAll(async () => {
    server = await startPostgres();
    watched = watchWork(server.url());
  }, 60_000);
  afterAll(async () => {
    await watched?.close();
    await queue?.close();
    await server?.stop();
  });
  const overview = async () => (await watched.overview())!;

  test("a database without a queue has none, and none is made", async () => {
    expect(await watched.overview()).toBeUndefined();
    expect(await watched.failures({ limit: 10 })).toEqual({ failures: [], next: null });
    expect(await query(server.url(), "SELECT 1 FROM pg_namespace WHERE nspname = 'deepid_work'")).toEqual([]);
    queue = await openWorkQueue(server.url());
    expect(await overview()).toEqual({
      batches: [],
      more: 0,
      workers: 0,
      picturesLeft: 0,
      picturesPerSecond: 0,
      secondsLeft: null,
      failures: 0,
    });
  });

  test("how far each batch is, and how long it takes with those before it", async () => {
    await queue.add(jobsOf("/photos/a", 3, 10));
    await queue.add(jobsOf("/photos/b", 2, 15));
    expect((await overview()).secondsLeft).toBeNull(); // nothing was done yet
    const first = (await queue.take())!;
    const passedOver = [{ file: "P0/3", reason: "no face" }];
    await queue.done(first.id, { added: 9, passedOver });
    await queue.take();
    const { batches, ...all } = await overview();
    expect(all).toEqual({
      more: 0,
      workers: 1,
      picturesLeft: 50,
      picturesPerSecond: expect.closeTo(10 / 60, 6),
      secondsLeft: expect.closeTo(300, 6),
      failures: 1,
    });
    expect(batches).toMatchObject([
      {
        kind: "import",
        of: "/photos/a",
        ended: null,
        jobs: { left: 2, active: 1, failed: 0 },
        pictures: { of: 30, left: 20, done: 10, passedOver: 1, failed: 0 },
        secondsLeft: expect.closeTo(120, 6),
      },
      { of: "/photos/b", pictures: { of: 30, left: 30, done: 0 }, secondsLeft: expect.closeTo(300, 6) },
    ]);
  });

  test("a job that is cut into single pictures changes neither what is to do nor what was done", async () => {
    const before = await overview();
    const { id, job } = (await queue.take())!;
    const { pictures, ...rest } = job as ImportJob;
    await queue.add(pictures.map((one) => ({ ...rest, pictures: [one] })));
    await queue.done(id, { passedOver: [], cut: true });
    const now = await overview();
    expect(now.batches[0].pictures).toEqual(before.batches[0].pictures);
    expect(now.picturesPerSecond).toBe(before.picturesPerSecond);
  });

  test("a batch that has ended says when; jobs of before there were batches are taken together", async () => {
    await query(server.url(), "DELETE FROM deepid_work.job");
    const old = jobsOf("/photos/old", 2, 4).map(({ batch: _, ...job }) => job);
    await queue.add(old);
    await queue.add([
      { kind: "change over", name: "regions", model: "m", batch: newBatch(0) },
      { kind: "cluster", photos: "/photos/c", out: "/c.csv", faces: 8, batch: newBatch(8) },
      { kind: "group", person: "unknown", out: "/g.csv", faces: 5, batch: newBatch(5) },
    ]);
    for (let k = 0; k < old.length; k++) {
      await queue.done((await queue.take())!.id, { added: 4, passedOver: [] });
    }
    const { batches } = await overview();
    expect(batches.map(({ kind, of }) => `${kind} ${of}`).sort()).toEqual([
      "cluster /photos/c",
      "extract regions",
      "group unknown",
      "import /photos/old",
    ]);
    expect(batches[3]).toMatchObject({
      of: "/photos/old",
      ended: expect.stringMatching(/Z$/),
      pictures: { of: 8, left: 0, done: 8 },
      secondsLeft: null,
    });
  });

  test("failures come page by page, the last first, each once", async () => {
    await query(server.url(), "DELETE FROM deepid_work.job");
    await queue.add(jobsOf("/photos/d", 4, 5));
    for (let k = 0; k < 3; k++) {
      const { id } = (await queue.take())!;
      const files = [0, 1, 2].map((i) => ({ file: `${k}-${i}`, reason: "blurred" }));
      await queue.done(id, { passedOver: files });
    }
    const { id } = (await queue.take())!;
    await query(server.url(), `UPDATE deepid_work.job SET retry_count = ${RETRIES} WHERE id = '${id}'`);
    await queue.failed(id, "the disk is full");
    const seen: string[] = [];
    let after: string | undefined;
    let pages = 0;
    do {
      const { failures, next } = await watched.failures({ limit: 4, after });
      seen.push(...failures.map(({ pictures, reason }) => `${pictures.join(" ")}: ${reason}`));
      after = next ?? undefined;
      pages++;
    } while (after !== undefined);
    expect(pages).toBe(3);
    const skipped = [2, 1, 0].flatMap((k) => [0, 1, 2].map((i) => `${k}-${i}: blurred`));
    const failed = expect.stringMatching(/^P(\d)\/0 P\1\/1 P\1\/2 P\1\/3 P\1\/4: the disk is full$/);
    expect(seen).toEqual([failed, ...skipped]);
    expect((await overview()).failures).toBe(10);
    expect((await overview()).batches[0]).toMatchObject({
      ended: expect.any(String),
      jobs: { left: 0, failed: 1 },
      pictures: { of: 20, left: 0, done: 15, passedOver: 9, failed: 5 },
    });
    await expect(watched.failures({ limit: 4, after: "last" })).rejects.toThrow(/after: last/);
  });
});
