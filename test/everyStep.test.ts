/**
 * Whatever step of a change fails, or is the last before the process is killed: what was acknowledged is there, what was
 * refused is not, nothing is half-written, and the next try succeeds.
 */
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { DataError, InputError } from "../src/base/errors/index.ts";
import { systemReason, writeFileAtomic } from "../src/base/files/index.ts";
import { openModel, writeModel } from "../src/nets/models/index.ts";
import type { NetConfig } from "../src/nets/net/index.ts";
import { saveCheckpoint } from "../src/nets/train/checkpoint.ts";
import { type Checkpoint, loadCheckpoint } from "../src/nets/train/index.ts";
import { exportLines, type GalleryStore, importLines, openStore } from "../src/people/gallery/index.ts";
import { createKey, readKeys } from "../src/serve/service/keys.ts";
import { tinyModel } from "./support/miniature.ts";
import { face, SETTINGS } from "./support/stepFaces.ts";
import { FAULTS, snapshot, withHook } from "./support/stepFaults.ts";
import { randomWeights } from "./support/tinyNet.ts";
import { newRunFolder, trainTiny } from "./support/tinyTraining.ts";

const root = await mkdtemp(join(tmpdir(), "faults-"));
let number = 0;
const newFolder = async () => {
  const folder = join(root, String(++number));
  await mkdir(folder);
  return folder;
};

/** Something that changes what lies in a folder. */
interface Change<S> {
  /** Makes the folder as it is before. */
  prepare(folder: string): Promise<S>;
  /** Resolves when it is acknowledged. */
  change(folder: string, prepared: S): Promise<unknown>;
  /** Whether the change is in the folder: true, or false for as it was before. Throws where it is neither. */
  isDone(folder: string, prepared: S): Promise<boolean>;
}

async function everyFault<S>({ prepare, change, isDone }: Change<S>): Promise<number> {
  const once = await newFolder();
  const ready = await prepare(once);
  const total = await withHook(
    () => {},
    () => change(once, ready),
  );
  for (const fault of ["ENOSPC", "EIO"] as const) {
    for (let at = 1; at <= total; at++) {
      const folder = await newFolder();
      const prepared = await prepare(folder);
      let failure: unknown;
      const hook = (n: number, what: string) => {
        if (n === at) throw FAULTS[fault](what);
      };
      const work = async () => {
        try {
          await change(folder, prepared);
        } catch (error) {
          failure = error;
        }
      };
      await withHook(hook, work);
      if (failure !== undefined) {
        const said = failure instanceof InputError || failure instanceof DataError || systemReason(failure);
        expect(said, `step ${at}, ${fault}: ${failure}`).toBeTruthy(); // no bug
      }
      const done = await isDone(folder, prepared);
      if (failure === undefined) expect(done, `step ${at}, ${fault}: acknowledged`).toBe(true);
      else expect(done, `step ${at}, ${fault}: refused (${failure})`).toBe(false);
      if (!done) await change(folder, prepared); // and now it works
      expect(await isDone(folder, prepared), `step ${at}, ${fault}: again`).toBe(true);
      await rm(folder, { recursive: true });
    }
  }
  return total;
}

/** Kills at every step: what lies on the disk then is opened by another. */
async function everyKill<S>({ prepare, change, isDone }: Change<S>): Promise<number> {
  const folder = await newFolder();
  const prepared = await prepare(folder);
  const copies: string[] = [];
  const steps = await withHook(
    (n) => {
      const copy = join(root, `${++number}-killed-at-${n}`);
      snapshot(folder, copy);
      copies.push(copy);
    },
    () => change(folder, prepared),
  );
  let doneBefore = false;
  for (const [i, copy] of copies.entries()) {
    const done = await isDone(copy, prepared); // throws for anything in between
    expect(doneBefore && !done, `step ${i + 1}: what was done is undone`).toBe(false);
    doneBefore = done;
    if (!done) await change(copy, prepared);
    expect(await isDone(copy, prepared)).toBe(true);
    await rm(copy, { recursive: true });
  }
  return steps;
}

const before = [face("Ann", 1), face("Ann", 2), face("Bob", 3)];
const more = [face("Cy", 4), face("Ann", 5)];

async function withGallery<T>(folder: string, use: (store: GalleryStore) => Promise<T>): Promise<T> {
  const store = await openStore(join(folder, "g.sqlite"), SETTINGS);
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

const prepare = (folder: string) => withGallery(folder, (store) => store.add(before));

/** The faces by person, once the whole gallery has been looked through. */
const facesIn = (folder: string) =>
  withGallery(folder, async (store) => {
    expect((await store.check()).damage).toEqual([]);
    return Object.fromEntries((await store.people()).map(({ name, faces }) => [name, faces]));
  });

/** Whether a gallery is as after, or as before; anything else is a failure. */
async function isAs(folder: string, after: object, was: object = { Ann: 2, Bob: 1 }): Promise<boolean> {
  const now = await facesIn(folder);
  if (JSON.stringify(now) === JSON.stringify(after)) return true;
  expect(now).toEqual(was);
  return false;
}

const lines: { number: number; text: string }[] = [];
async function* exported() {
  yield* lines.slice(1);
}

const GALLERY: Record<string, Change<unknown>> = {
  register: {
    prepare,
    change: (folder) => withGallery(folder, (store) => store.add(more)),
    isDone: (folder) => isAs(folder, { Ann: 3, Bob: 1, Cy: 1 }),
  },
  import: {
    prepare,
    change: (folder) =>
      withGallery(folder, (store) => store.addMissing([...before, ...more], { field: "picture" })),
    isDone: (folder) => isAs(folder, { Ann: 3, Bob: 1, Cy: 1 }),
  },
  remove: {
    prepare,
    async change(folder) {
      const receipt = await withGallery(folder, (store) => store.removePerson("Ann"));
      expect(receipt).toMatchObject({ faces: [1, 2], codes: 2, vectors: 2, thumbnails: 2 });
    },
    async isDone(folder) {
      const done = await isAs(folder, { Bob: 1 });
      const receipts = await withGallery(folder, (store) => store.receipts());
      expect(receipts).toHaveLength(done ? 1 : 0); // no receipt without an erasure, no erasure without a receipt
      return done;
    },
  },
  rename: {
    prepare,
    change: (folder) => withGallery(folder, (store) => store.rename("Bob", "Di")),
    isDone: (folder) => isAs(folder, { Ann: 2, Di: 1 }),
  },
  merge: {
    prepare,
    change: (folder) => withGallery(folder, (store) => store.merge("Bob", "Ann")),
    isDone: (folder) => isAs(folder, { Ann: 3 }),
  },
  restore: {
    prepare,
    change: (folder) =>
      withGallery(folder, (store) =>
        importLines(store, exported(), "lines", { onLeft: (reason) => expect.unreachable(reason) }),
      ),
    isDone: (folder) => isAs(folder, { Ann: 3, Bob: 1, Cy: 1 }),
  },
};

const KEY_CREATE: Change<unknown> = {
  prepare: (folder) => createKey(join(folder, "keys.json"), { name: "first", scope: "read" }, new Date(0)),
  change: (folder) => createKey(join(folder, "keys.json"), { name: "second", scope: "write" }, new Date(1)),
  async isDone(folder) {
    const keys = await readKeys(join(folder, "keys.json"));
    expect(keys[0].name).toBe("first");
    expect(keys.length).toBeLessThanOrEqual(2);
    return keys.length === 2;
  },
};

let checkpoints: Checkpoint[];
let model: Parameters<typeof writeModel>[1];
beforeAll(async () => {
  await withGallery(await newFolder(), async (store) => {
    await store.add([...before, ...more]);
    for await (const text of exportLines(store, { thumbnails: true }))
      lines.push({ number: lines.length + 1, text });
  });
  checkpoints = [];
  for (const steps of [2, 4]) {
    const folder = await newRunFolder();
    await trainTiny(folder, { ...(await import("./support/tinyTraining.ts")).TINY, steps });
    checkpoints.push(await loadCheckpoint(folder));
  }
  const tiny = await openModel((await tinyModel()).model, { threads: 1 });
  const { card, matcher } = tiny;
  await tiny.release();
  const config = card.net as NetConfig;
  model = { config, weights: randomWeights(config), matcher, card };
});

const CHECKPOINT: Change<unknown> = {
  prepare: (folder) => saveCheckpoint(folder, checkpoints[0]),
  change: (folder) => saveCheckpoint(folder, checkpoints[1]),
  isDone: async (folder) => (await loadCheckpoint(folder)).step === checkpoints[1].step,
};

const RELEASE: Change<unknown> = {
  prepare: async () => {},
  change: (folder) => writeModel(join(folder, "model"), model),
  async isDone(folder) {
    try {
      await (await openModel(join(folder, "model"), { threads: 1 })).release();
      return true;
    } catch (error) {
      expect(error instanceof InputError || error instanceof DataError, String(error)).toBe(true);
      return false;
    }
  },
};

const ATOMIC: Change<unknown> = {
  prepare: (folder) => writeFileAtomic(join(folder, "file"), "before"),
  change: (folder) =>
    writeFileAtomic(
      join(folder, "file"),
      ["af", "ter"].map((part) => Buffer.from(part)),
    ),
  async isDone(folder) {
    const { readFile } = await import("node:fs/promises");
    const text = await readFile(join(folder, "file"), "utf8");
    expect(["before", "after"]).toContain(text);
    return text === "after";
  },
};

const ALL = {
  ...GALLERY,
  "key create": KEY_CREATE,
  checkpoint: CHECKPOINT,
  release: RELEASE,
  "a file": ATOMIC,
};

describe.each(Object.entries(ALL))("%s", (_, change) => {
  test("with every step failing once, for want of space and for a broken disk", {
    timeout: 120_000,
  }, async () => {
    expect(await everyFault(change as Change<unknown>)).toBeGreaterThanOrEqual(3);
  });

  test("with the process killed before every step", { timeout: 120_000 }, async () => {
    expect(await everyKill(change as Change<unknown>)).toBeGreaterThanOrEqual(3);
  });
});

test("nothing temporary is left where a step has failed", async () => {
  const folder = await newFolder();
  for (let at = 1; at <= 4; at++) {
    const fail = (n: number, what: string) => {
      if (n === at) throw FAULTS.ENOSPC(what);
    };
    await withHook(fail, () => writeFileAtomic(join(folder, "file"), "x").catch(() => {}));
  }
  expect((await readdir(folder)).filter((name) => name !== "file")).toEqual([]);
});
