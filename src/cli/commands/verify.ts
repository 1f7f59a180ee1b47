/** `deepid verify`: are two pictures of one person? */
import { readFile } from "node:fs/promises";
import { basename, parse, resolve } from "node:path";
import type { Command } from "commander";
import { facesInMemory, readLandmarks } from "../../data/index.ts";
import { DataError, InputError } from "../../errors/index.ts";
import { alignFace, type Landmarks, TEMPLATE } from "../../face/index.ts";
import type { FeatureSet } from "../../features/index.ts";
import { decodeImage, resizeRegion } from "../../image/index.ts";
import {
  cosine,
  hamming,
  jointBayesian,
  probabilityOfSame,
  type StoredMatcher,
  thresholdAtFalseAcceptRate,
} from "../../match/index.ts";
import { openSystem, systemFeatures } from "../../net/index.ts";
import { formatPercent } from "../../report/index.ts";
import type { Io } from "../io.ts";
import { addEngineOptions, addExamples, type EngineOptions, existing, setAction, share } from "../options.ts";
import type { OutputOptions } from "../output.ts";
import { columns } from "../wording.ts";

interface VerifyOptions extends EngineOptions, OutputOptions {
  readonly model: string;
  readonly landmarks?: string;
  readonly aligned?: boolean;
  readonly far: number;
}

export function addVerify(program: Command, io: Io): void {
  const command = program
    .command("verify")
    .summary("one person or two?")
    .description(
      "Compares two pictures: aligned crops of 88 x 104 pixels, or photos whose landmarks are given. The probability " +
        "assumes even odds beforehand.",
    )
    .argument("<a>", "a picture", existing)
    .argument("<b>", "another", existing)
    .requiredOption("--model <folder>", "the model, or the system of several", existing)
    .option("--landmarks <file>", "a line for each picture: person/photo.jpg, x y of five points", existing)
    .option("--aligned", "the pictures show aligned faces; fit them to the template")
    .option("--far <share>", "strangers taken for one person: what the threshold is set by", share, 0.001);
  addEngineOptions(command);
  addExamples(
    command,
    "deepid verify a.png b.png --model models/whole-face",
    "deepid verify Ann/1.jpg Ann/2.jpg --landmarks landmarks.txt --model models/whole-face --far 0.01 --json",
  );
  setAction<VerifyOptions>(command, io, async (paths, options, output) => {
    const { landmarks: file, aligned = false } = options;
    const landmarksOf = file === undefined ? undefined : await readLandmarks(file);
    const faces = await Promise.all(
      paths.map((path) => alignedFace(path, landmarksOf && landmarksIn(landmarksOf, path, options), aligned)),
    );
    const pixels = new Uint8Array(Buffer.concat(faces));
    const system = await openSystem(options.model, options);
    try {
      const names = paths.map((path, i) => `${i}: ${path}`); // one picture may be given twice
      const set = await systemFeatures(system, facesInMemory(names, names, pixels));
      const data = { ...compare(set, system.matcher, options.far), model: system.name };
      output.result(data, describe(data));
    } finally {
      await system.release();
    }
  });
}

/** The picture at `path` in the template's frame. */
async function alignedFace(
  path: string,
  landmarks: Landmarks | undefined,
  isAligned: boolean,
): Promise<Uint8Array> {
  const photo = await decodeImage(await readFile(path), path);
  const { width, height } = photo;
  if (landmarks) return alignFace(photo, landmarks).pixels;
  if (width === TEMPLATE.width && height === TEMPLATE.height) return photo.pixels;
  if (isAligned) return resizeRegion(photo, { x: 0, y: 0, width, height }, TEMPLATE).pixels;
  throw new DataError(
    `${path}: ${width} x ${height} pixels are not an aligned crop of ${TEMPLATE.width} x ${TEMPLATE.height}; give ` +
      "--landmarks, or --aligned if it shows an aligned face at another size",
  );
}

/** The landmarks of the picture at `path`, listed as person/photo or as photo alone. */
function landmarksIn(
  landmarksOf: ReadonlyMap<string, Landmarks>,
  path: string,
  { landmarks: file }: VerifyOptions,
): Landmarks {
  const { dir, name } = parse(resolve(path));
  const found = landmarksOf.get(`${basename(dir)}/${name}`) ?? landmarksOf.get(name);
  if (found) return found;
  throw new InputError(`${file}: no landmarks for ${path} (looked for ${basename(dir)}/${name} and ${name})`);
}

function compare(set: FeatureSet, { matcher, calibration }: StoredMatcher, falseAcceptRate: number) {
  const score = (metric: typeof cosine) => metric.score(set, [[0, 1]])[0];
  const logLikelihoodRatio = score(jointBayesian(matcher));
  const threshold = calibration ? thresholdAtFalseAcceptRate(calibration, falseAcceptRate) : 0;
  return {
    samePerson: logLikelihoodRatio > threshold,
    logLikelihoodRatio,
    threshold,
    falseAcceptRate: calibration ? falseAcceptRate : null, // without calibration the threshold is even odds
    probability: calibration ? probabilityOfSame(calibration, logLikelihoodRatio) : null,
    cosine: score(cosine),
    hammingDistance: -score(hamming()),
    bits: set.dimension,
  };
}

function describe(result: ReturnType<typeof compare>): string {
  const { samePerson, logLikelihoodRatio, threshold, falseAcceptRate, probability } = result;
  const at = falseAcceptRate === null ? "even odds" : `false accept rate ${formatPercent(falseAcceptRate)}`;
  return columns([
    ["verdict", samePerson ? "accepted as one person" : "not accepted as one person"],
    ["log likelihood ratio", `${logLikelihoodRatio.toFixed(2)} (threshold ${threshold.toFixed(2)}, ${at})`],
    ["probability", probability === null ? "the model is not calibrated" : formatPercent(probability)],
    ["cosine", result.cosine.toFixed(3)],
    ["Hamming distance", `${result.hammingDistance} of ${result.bits} bits`],
  ]);
}
