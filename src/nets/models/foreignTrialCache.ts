/**
 * A net that is not ours is run once in a process of its own, within limits of time and memory, before this one loads it.
 * What passed is remembered outside of its folder, where whoever brings the folder cannot say so, by all that decides
 * what is computed: the hash of the file, its input and its region.
 */
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import { cacheFolder, makeFolder, sha256 } from "../../base/files/index.ts";
import { describeModel, refuseEndless } from "../../math/graph/index.ts";
import { MODEL_FILES, type ModelCard, type NetInput } from "../net/index.ts";
import { type ForeignLimits, tryForeign } from "./foreignTrial.ts";
import { OWN } from "./named.ts";

const NET = MODEL_FILES.net;
/** What a net that says nothing of its input is given: what ours are. */
const OWN_INPUT: NetInput = { name: "faces", layout: "nchw", order: "rgb", mean: [127.5], scale: [127.5] };

export interface TrialOptions {
  readonly limits?: ForeignLimits;
  /** Where it is remembered what has passed. */
  readonly remembered?: string;
}

const REMEMBERED = join(cacheFolder(), "trials");

type Tried = Pick<ModelCard, "input" | "region" | "feature" | "files">;

const placeOf = ({ input, region, files }: Tried, folder: string): string =>
  join(folder, sha256(JSON.stringify([files[NET], input ?? OWN_INPUT, region])));

/**
 * Tries the net `onnx` of the model in `folder` unless it is ours or has passed before. DataError where it is no embedder
 * of faces, could compute without end, or needs more than the limits.
 */
export async function passTrial(
  folder: string,
  { card, onnx }: { readonly card: ModelCard; readonly onnx: Uint8Array },
  { limits, remembered = REMEMBERED }: TrialOptions = {},
): Promise<void> {
  if (isShipped(folder) || existsSync(placeOf(card, remembered))) return;
  const { isOwnNet } = await import("../net/index.ts"); // builds a net to compare it with
  if (isOwnNet(card, onnx)) return;
  const { input = OWN_INPUT, region, feature } = card;
  const name = join(folder, NET);
  refuseEndless(describeModel(onnx, name), name);
  await tryForeign({ onnx, about: { name, input, region }, output: feature }, limits);
  await rememberTrial(card, remembered);
}

/** Remembers that a net has passed; where nothing can be written it is tried again the next time. */
export async function rememberTrial(card: Tried, remembered = REMEMBERED): Promise<void> {
  try {
    await makeFolder(remembered, { mode: 0o700 });
    await writeFile(placeOf(card, remembered), "", { mode: 0o600 });
  } catch {}
}

/** Whether the folder lies in this package. */
const isShipped = (folder: string): boolean => resolve(folder).startsWith(resolve(OWN) + sep);
