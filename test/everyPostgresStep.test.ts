/**
 * Whatever statement of a change of a PostgreSQL gallery fails, or is the last that a connection lives to see: what was
 * acknowledged is there, what was refused is not, receipts are true, and the next try succeeds.
 */
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DataError, InputError } from "../src/base/errors/index.ts";
import { exportLines, type GalleryStore, importLines, openStore } from "../src/people/gallery/index.ts";
import { noPostgres, startPostgres, type TestServer } from "./support/postgres.ts";
import { query } from "./support/postgresGallery.ts";
import { face, SETTINGS } from "./support/stepFaces.ts";

const skipped = noPostgres && ` (skipped: ${noPostgres})`;
const before = [face("Ann", "picture 1"), face("Ann", "picture 2"), face("Bob", "picture 3")];
const more = [face("Cy", "picture 4"), face("Ann", "picture 5")];

/** What happens to a statement in the place of its being carried out, or after it. */
type Fault = "no room" | "lost before it" | "lost after it";

const FAULTS: Record<Fault, (client: pg.Client, carryOut: () => Promise<unknown>) => Promise<unknown>> = {
  "no room": (client) => client.query(NO_ROOM),
  "lost before it": (client) => client.query("SELECT pg_terminate_backend(pg_backend_pid())"),
  async "lost after it"(client, carryOut) {
    await carryOut();
    return client.query("SELECT pg_terminate_backend(pg_backend_pid())"); // nobody hears the answer
  },
};

const NO_ROOM =
  "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '53100', MESSAGE = 'could not extend file: No space left on device'; END $$";

let hook: ((n: number) => Fault | undefined) | undefined;
let steps = 0;

/** Counts the statements of every connection, and lets `hook` choose what becomes of them. */
function countStatements(): void {
  type Query = (...args: unknown[]) => unknown;
  const methods = pg.Client.prototype as unknown as { query: Query };
  const own = methods.query;
  methods.query = function (this: pg.Client, ...args: unknown[]) {
    const fault = hook?.(++steps);
    if (!fault) return own.apply(this, args);
    const told = args.findIndex((arg) => typeof arg === "function"); // a pool's way of asking
    const kept = hook;
    hook = undefined; // what the fault itself asks is no step
    const carryOut = () => own.apply(this, told === -1 ? args : args.slice(0, told)) as Promise<unknown>;
    const outcome = FAULTS[fault](this, carryOut);
    hook = kept;
    if (told === -1) return outcome;
    const tell = args[told] as (error: unknown, result?: unknown) => void;
    outcome.then((result) => tell(undefined, result), tell);
    return undefined;
  };
}

interface Change {
  change(store: GalleryStore): Promise<unknown>;
  readonly after: Readonly<Record<string, number>>;
  readonly receipts?: number;
}

const lines: { number: number; text: string }[] = [];
async function* exported() {
  yield* lines.slice(1);
}

const CHANGES: Record<string, Change> = {
  register: { change: (store) => store.add(more), after: { Ann: 3, Bob: 1, Cy: 1 } },
  import: {
    change: (store) => store.addMissing([...before, ...more], { field: "picture" }),
    after: { Ann: 3, Bob: 1, Cy: 1 },
  },
  remove: { change: (store) => store.removePerson("Ann"), after: { Bob: 1 }, receipts: 1 },
  "remove a face": { change: (store) => store.removeFace(1), after: { Ann: 1, Bob: 1 }, receipts: 1 },
  rename: { change: (store) => store.rename("Bob", "Di"), after: { Ann: 2, Di: 1 } },
  merge: { change: (store) => store.merge("Bob", "Ann"), after: { Ann: 3 } },
  "give a face": { change: (store) => store.moveFace(1, "Di"), after: { Ann: 1, Bob: 1, Di: 1 } },
  restore: {
    change: (store) =>
      importLines(store, exported(), "lines", { onLeft: (reason) => expect.unreachable(reason) }),
    after: { Ann: 3, Bob: 1, Cy: 1 },
  },
};

describe.skipIf(Boolean(noPostgres))(`every step of a change in PostgreSQL${skipped}`, () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startPostgres();
    const store = await openStore(server.url(), SETTINGS);
    await store.add([...before, ...more]);
    for await (const text of exportLines(store, { thumbnails: true }))
      lines.push({ number: lines.length + 1, text });
    await store.close();
    countStatements();
  }, 240_000);
  afterAll(() => server?.stop());

  /** Makes the change, and looks at what has become of it: by connections of its own. */
  let store: GalleryStore;
  let observer: GalleryStore;
  beforeAll(async () => {
    [store, observer] = [await openStore(server.url(), SETTINGS), await openStore(server.url(), SETTINGS)];
  });
  afterAll(async () => {
    for (const one of [store, observer]) await one?.close();
  });

  const prepare = async () => {
    await query(
      server.url(),
      `TRUNCATE deepid_gallery.people, deepid_gallery.faces, deepid_gallery.receipts RESTART IDENTITY;
       ALTER SEQUENCE deepid_gallery.face_ids RESTART`,
    );
    await observer.add(before);
  };

  /** Whether the gallery is as after, or as before; anything else is a failure. */
  const isDone = async ({ after, receipts = 0 }: Change) => {
    expect((await observer.check()).damage).toEqual([]);
    const now = Object.fromEntries((await observer.people()).map(({ name, faces }) => [name, faces]));
    const done = JSON.stringify(now) === JSON.stringify(after);
    if (!done) expect(now).toEqual({ Ann: 2, Bob: 1 });
    expect(await observer.receipts()).toHaveLength(done ? receipts : 0);
    return done;
  };

  /** The change with what `at` makes of its steps; its failure, if it failed. */
  const attempt = async (own: Change, at: typeof hook) => {
    [hook, steps] = [at, 0];
    try {
      await own.change(store);
      return undefined;
    } catch (error) {
      expect(error instanceof InputError || error instanceof DataError, String(error)).toBe(true); // no bug
      return error as Error;
    } finally {
      hook = undefined;
    }
  };

  test.each(Object.entries(CHANGES))("%s", { timeout: 240_000 }, async (_, own) => {
    await prepare();
    expect(await attempt(own, () => undefined)).toBeUndefined();
    const total = steps;
    expect(total).toBeGreaterThanOrEqual(3);
    for (const fault of Object.keys(FAULTS) as Fault[]) {
      for (let at = 1; at <= total; at++) {
        const where = `step ${at} of ${total}, ${fault}`;
        await prepare();
        const failure = await attempt(own, (n) => (n === at ? fault : undefined));
        const done = await isDone(own);
        expect(done, `${where}: ${failure ?? "acknowledged"}`).toBe(failure === undefined);
        if (!done) expect(await attempt(own, () => undefined), where).toBeUndefined(); // and now it works
        expect(await isDone(own), where).toBe(true);
      }
    }
  });
});
