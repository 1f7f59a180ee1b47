/** How fast an SQLite gallery takes faces durably, and how long a large one takes to open. */

import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { createRng } from "../../base/random/index.ts";
import { type NewFace, openStore } from "../../people/gallery/index.ts";
import type { BenchProgress } from "./benchProgress.ts";
import { benchCodes } from "./searchBench.ts";

export interface GalleryBenchOptions {
  /** Faces in the gallery that is opened. */
  readonly faces: number;
  readonly bits: number;
  /** Numbers in a face's vector; 0: codes alone. */
  readonly dimension: number;
  /** Faces added one by one, each durable before the next. */
  readonly singles: number;
  /** Faces added at a time, all durable together. */
  readonly batch: number;
}

export interface GalleryBenchResult extends GalleryBenchOptions {
  readonly singlesPerSecond: number;
  readonly batchedPerSecond: number;
  /** Opening the file until the first search could begin, and that search. */
  readonly openSeconds: number;
  readonly firstSearchMs: number;
  readonly fileMegabytes: number;
}

const FILL = 10_000;
const FACES_PER_PERSON = 10;

/** Codes are random, of people with ten faces; the file lies in the folder for temporary files and is removed. */
export async function benchGallery(
  options: GalleryBenchOptions,
  { now, onProgress }: BenchProgress,
): Promise<GalleryBenchResult> {
  const { faces, bits, dimension, singles, batch } = options;
  const folder = await mkdtemp(join(tmpdir(), "deepid-bench-"));
  const settings = { model: "bench", codeBytes: bits / 8, dimension, keyCheck: "" };
  const all = facesFrom(options);
  const take = (count: number) => Array.from({ length: count }, () => all.next().value as NewFace);
  try {
    const path = join(folder, "gallery.sqlite");
    const store = await openStore(path, settings);
    const perSecond = async (count: number, add: () => Promise<unknown>) => {
      const start = now();
      await add();
      return (1000 * count) / (now() - start);
    };
    const ones = take(singles);
    const singlesPerSecond = await perSecond(singles, async () => {
      for (const face of ones) await store.add([face]);
    });
    const many = Array.from({ length: Math.ceil(singles / batch) }, () => take(batch));
    const batchedPerSecond = await perSecond(many.length * batch, async () => {
      for (const some of many) await store.add(some);
    });
    for (let done = singles + many.length * batch; done < faces; done += FILL) {
      await store.add(take(Math.min(FILL, faces - done)));
      await setImmediate(); // lets Ctrl-C through: SQLite adds without a pause
      onProgress?.(done, faces);
    }
    await store.close();
    const start = now();
    const again = await openStore(path);
    await again.load();
    const opened = now();
    await again.nearest(ones[0].code, 10);
    const searched = now();
    await again.close();
    return {
      ...options,
      singlesPerSecond,
      batchedPerSecond,
      openSeconds: (opened - start) / 1000,
      firstSearchMs: searched - opened,
      fileMegabytes: (await stat(path)).size / 1e6,
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Faces without end, each with a vector of its own. */
function* facesFrom({
  faces,
  bits,
  dimension,
  singles,
  batch,
  ...rest
}: GalleryBenchOptions): Generator<NewFace> {
  const rng = createRng(3);
  const codes = faces + 2 * (singles + batch) + FILL;
  const bytes = bits / 8;
  let number = 0;
  for (const block of benchCodes({ ...rest, codes, bits, k: 0, threads: 0, rounds: 0 })) {
    for (let at = 0; at < block.length; at += bytes) {
      const vector = Buffer.alloc(4 * dimension);
      for (let i = 0; i < dimension; i++) vector.writeUInt32LE(rng.integer(2 ** 32), 4 * i);
      yield {
        person: `person ${Math.floor(number++ / FACES_PER_PERSON)}`,
        code: block.subarray(at, at + bytes),
        ...(dimension > 0 && { vector }),
      };
    }
  }
}
