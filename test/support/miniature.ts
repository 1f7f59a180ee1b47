/** A miniature of everything on synthetic faces: a set in LFW's layout, and a model that has learned for a moment. */
import { cp, mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import sharp from "sharp";
import { createPopulation } from "../../src/faces/synthetic/index.ts";
import { NARROW } from "../../src/nets/net/index.ts";
import type { Training } from "../../src/nets/train/index.ts";
import { type TestEntry, tgzOf } from "./archives.ts";
import { resultOf } from "./cli.ts";
import { madeOnce } from "./madeOnce.ts";
import { TINY as TINY_RUN } from "./tinyTraining.ts";

/** A new empty folder. */
export const newFolder = () => mkdtemp(join(tmpdir(), "deepid-test-"));

/** A net and a run that take a second. */
export const TINY: Training = {
  ...TINY_RUN,
  net: { ...NARROW, maps: [6, 6, 6, 6], neurons: 16, taps: [3, 4], dropout: 0 },
  split: { matching: 9, validation: 5 },
  pairs: 4,
  weightDecay: 0,
  lambda: { weight: 1e-3, after: 2 },
  margin: { pairs: 50, every: 2 },
  augmentation: { shift: 2, mirror: true, light: 0.1 },
  evaluateEvery: 3,
  seed: 5,
};

/** Options of the faces that TINY is trained on. */
export const TINY_DATA = ["--data", "synthetic", "--people", "24", "--pictures", "4"];

export interface TinyModel {
  readonly folder: string;
  readonly config: string;
  readonly run: string;
  readonly model: string;
}

/** Trained and released by the commands themselves, in a folder that the caller may change. */
export async function tinyModel(): Promise<TinyModel> {
  const folder = await newFolder();
  await cp(await firstTinyModel(), folder, { recursive: true });
  return placesIn(folder);
}

const placesIn = (folder: string): TinyModel => ({
  folder,
  config: join(folder, "tiny.json"),
  run: join(folder, "run"),
  model: join(folder, "model"),
});

const firstTinyModel = () =>
  madeOnce("tiny", async (folder) => {
    const { config, run, model } = placesIn(folder);
    await writeFile(config, JSON.stringify(TINY));
    await resultOf("train", config, "--out", run, "--resume", ...TINY_DATA);
    await resultOf("release", run, "--out", model, "--components", "8", ...TINY_DATA);
  });

export interface Miniature {
  readonly folder: string;
  readonly images: string;
  readonly archive: string;
  readonly landmarks: string;
  readonly pairs: string;
}

export const MINIATURE = { people: 12, pictures: 3, folds: 3, pairsOfKind: 4 } as const;

/** Photos of 12 people as `Name/Name_0001.png`, in a folder and as .tgz, with landmarks and pairs of 3 folds. */
export async function miniatureLfw(format: "png" | "jpeg" | "webp" = "png"): Promise<Miniature> {
  const folder = await newFolder();
  await cp(await madeOnce(`lfw-${format}`, (first) => makeLfw(first, format)), folder, { recursive: true });
  const place = (name: string) => join(folder, name);
  return {
    folder,
    images: place("lfw"),
    archive: place("lfw.tgz"),
    landmarks: place("landmarks.txt"),
    pairs: place("pairs.txt"),
  };
}

async function makeLfw(folder: string, format: "png" | "jpeg" | "webp"): Promise<void> {
  const population = createPopulation({
    people: MINIATURE.people,
    picturesPerPerson: MINIATURE.pictures,
    seed: 9,
  });
  const entries: TestEntry[] = [];
  const lines: string[] = [];
  for (const { identity, index, image, landmarks } of population) {
    const raw = { width: image.width, height: image.height, channels: 3 } as const;
    const content = await sharp(image.pixels, { raw }).toFormat(format).toBuffer();
    const name = `${nameOf(identity)}/${nameOf(identity)}_${String(index + 1).padStart(4, "0")}`;
    entries.push({ name: `lfw/${name}.${format === "jpeg" ? "jpg" : format}`, content });
    lines.push([`${name}.jpg`, ...landmarks.flatMap(({ x, y }) => [x.toFixed(1), y.toFixed(1)])].join("\t"));
  }
  for (const { name, content } of entries) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content!);
  }
  const place = (name: string) => join(folder, name);
  await writeFile(place("lfw.tgz"), await tgzOf(entries));
  await writeFile(place("landmarks.txt"), `${lines.join("\n")}\n`);
  await writeFile(place("pairs.txt"), pairsText());
}

/** Both, for tests that score the model on the set. */
export const miniatureAndModel = () => Promise.all([miniatureLfw(), tinyModel()]);

/** A name of several parts, as LFW's have. */
const nameOf = (identity: number) => `Person_of_${String.fromCharCode(65 + identity)}`;

/** Fold k holds the people 4 k to 4 k + 3: one same pair of each, and each against the next. */
function pairsText(): string {
  const { people, folds, pairsOfKind } = MINIATURE;
  const perFold = people / folds;
  const lines = [`${folds}\t${pairsOfKind}`];
  for (let fold = 0; fold < folds; fold++) {
    const members = Array.from({ length: perFold }, (_, i) => nameOf(fold * perFold + i));
    lines.push(...members.map((name) => `${name}\t1\t2`));
    lines.push(...members.map((name, i) => `${name}\t1\t${members[(i + 1) % perFold]}\t3`));
  }
  return `${lines.join("\n")}\n`;
}
