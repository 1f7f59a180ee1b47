/** How long people wait for `verify`: warm on aligned crops and on photos, and from the start of the program. */

import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { alignFace } from "../../faces/face/index.ts";
import type { FaceLocator } from "../../faces/locate/index.ts";
import { encodePng } from "../../faces/pictureFiles/index.ts";
import { createPopulation } from "../../faces/synthetic/index.ts";
import type { FaceInput } from "../../people/answers/index.ts";
import { openRecognizer, type RecognizerOptions } from "../../people/recognizer/index.ts";
import type { BenchProgress } from "./benchProgress.ts";

export interface VerifyBenchOptions extends Pick<RecognizerOptions, "provider" | "threads"> {
  /** Folder of a model or system. */
  readonly model: string;
  readonly locator: FaceLocator | undefined;
  readonly rounds: number;
  /** Starts of the program. */
  readonly starts: number;
}

/** Milliseconds: the median and the 95th of a hundred. */
export interface Times {
  readonly median: number;
  readonly p95: number;
}

export interface VerifyBenchResult {
  readonly crops: Times;
  /** With detection in both photos; undefined without a detector. */
  readonly photos?: Times;
  readonly photoSize: string;
  /** `deepid verify` of two crops as a process of its own. */
  readonly coldStart: Times;
}

const SIDE = 640;
const WARM_UP = 3;

/** The faces are drawn; the times do not depend on who they show. */
export async function benchVerify(
  { rounds, starts, locator, ...options }: VerifyBenchOptions,
  { now, onProgress }: BenchProgress,
): Promise<VerifyBenchResult> {
  const drawn = [...createPopulation({ people: 2, picturesPerPerson: 1, seed: 9, size: SIDE })];
  const crops = await Promise.all(
    drawn.map(({ image, landmarks }) => encodePng(alignFace(image, landmarks))),
  );
  const photos = await Promise.all(drawn.map(({ image }) => encodePng(image)));
  const total = (locator ? 2 : 1) * (rounds + WARM_UP) + starts;
  let done = 0;
  const timesOf = async (count: number, work: () => Promise<unknown>): Promise<Times> => {
    const times: number[] = [];
    for (let round = 0; round < count; round++) {
      const start = now();
      await work();
      times.push(now() - start);
      onProgress?.(++done, total);
    }
    times.sort((a, b) => a - b);
    return { median: times[times.length >> 1], p95: times[Math.ceil(0.95 * times.length) - 1] };
  };
  await using recognizer = await openRecognizer({ ...options, locator: locator ?? null });
  const warm = async (inputs: readonly FaceInput[]) => {
    const ask = async () => {
      const answer = await recognizer.verify(inputs[0], inputs[1], { falseAcceptRate: 0.01 });
      if (!answer.ok) throw new Error(`bench: ${answer.message}`);
    };
    await timesOf(WARM_UP, ask);
    return timesOf(rounds, ask);
  };
  const onCrops = await warm(crops.map((bytes) => ({ photo: bytes })));
  const onPhotos = locator && (await warm(photos.map((bytes) => ({ photo: bytes }))));
  const coldStart = await withFiles(crops, (paths) =>
    timesOf(starts, () =>
      promisify(execFile)(process.execPath, [
        ...process.execArgv,
        PROGRAM,
        "verify",
        ...paths,
        "--model",
        options.model,
      ]),
    ),
  );
  return { crops: onCrops, ...(onPhotos && { photos: onPhotos }), photoSize: `${SIDE} x ${SIDE}`, coldStart };
}

/** The program beside this file: compiled as this one is, or TypeScript as this one is. */
const PROGRAM = fileURLToPath(import.meta.url).replace(/lab\/bench\/verifyBench\.(js|ts)$/, "cli/deepid.$1");

async function withFiles<T>(
  pictures: readonly Uint8Array[],
  work: (paths: readonly string[]) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "deepid-bench-"));
  try {
    const paths = pictures.map((_, i) => join(folder, `${i}.png`));
    for (const [i, picture] of pictures.entries()) await writeFile(paths[i], picture);
    return await work(paths);
  } finally {
    await rm(folder, { recursive: true });
  }
}
