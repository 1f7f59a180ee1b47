/** A released model in memory, wherever its files come from. */
import { DataError } from "../../base/errors/index.ts";
import { cropSize } from "../../faces/face/index.ts";
import type { StoredMatcher } from "../../matching/match/index.ts";
import type { OpenSession } from "../../math/session/index.ts";
import type { ModelCard } from "./card.ts";
import { type FaceNet, releasedNet } from "./faceNet.ts";
import { importedNet } from "./importedNet.ts";

export interface FaceModel {
  readonly card: ModelCard;
  readonly net: FaceNet;
  readonly matcher: StoredMatcher;
  release(): Promise<void>;
}

/** The files of a model: `net.onnx` as bytes, the others as read; the matcher may still be on its way. */
export interface ModelFiles {
  readonly card: ModelCard;
  readonly onnx: Uint8Array;
  readonly matcher: StoredMatcher | Promise<StoredMatcher>;
}

/** Names of the files of a model's folder. */
export const MODEL_FILES = {
  net: "net.onnx",
  matcher: "matcher.safetensors",
  /** There in models with a cohort alone. */
  cohort: "cohort.safetensors",
  card: "model.json",
} as const;

/** The files that features, codes and vectors depend on: a cohort changes scores alone. */
export function withoutCohort(files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).filter(([name]) => name !== MODEL_FILES.cohort));
}

/** The model of `files`, which came from `folder`, its net loaded by `open`; DataError where they do not fit together. */
export async function modelOf(
  { card, onnx, matcher: reading }: ModelFiles,
  open: OpenSession,
  folder: string,
): Promise<FaceModel> {
  const { input, region } = card;
  const name = `${folder}/${MODEL_FILES.net}`;
  const [opened, read] = await Promise.allSettled([open(onnx, { constantWeights: true }, name), reading]);
  if (opened.status === "rejected") throw opened.reason;
  const session = opened.value;
  if (read.status === "rejected") {
    await session.release();
    throw read.reason;
  }
  const matcher = read.value;
  const net = input ? await importedNet(session, { input, region, name }) : releasedNet(session, name);
  const unfit = misfit(card, net, matcher);
  if (unfit) {
    await net.release();
    throw new DataError(`${folder}: ${unfit}`);
  }
  return { card, net, matcher, release: () => net.release() };
}

/** What does not fit together in a model folder, if anything. */
function misfit({ feature, region }: ModelCard, { activations, size }: FaceNet, { matcher }: StoredMatcher) {
  const length = activations.get(feature);
  if (length === undefined) return `${MODEL_FILES.net} has no output ${feature}`;
  const { height, width, channels } = cropSize(region);
  if (height !== size.height || width !== size.width || channels !== size.channels) {
    return `its region is ${height} x ${width} x ${channels}, ${MODEL_FILES.net} takes ${size.height} x ${size.width} x ${size.channels}`;
  }
  const dimension = matcher.model.mean.length;
  if (dimension !== 2 * length) {
    return `${MODEL_FILES.matcher} compares ${dimension} numbers, ${feature} of a face and its mirror image has ${2 * length}`;
  }
  return undefined;
}
