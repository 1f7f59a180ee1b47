/** A fitted matcher, with its calibration if it has one, in a safetensors file. */
import { readSafetensors, writeSafetensors } from "../../base/files/index.ts";
import { matcherOfTensors, type StoredMatcher, tensorsOfMatcher } from "../match/index.ts";

/** Writes a matcher. */
export async function writeMatcher(path: string, stored: StoredMatcher): Promise<void> {
  const { tensors, metadata } = tensorsOfMatcher(stored);
  await writeSafetensors(path, tensors, metadata);
}

/** Reads what `writeMatcher` wrote. */
export const readMatcher = async (path: string): Promise<StoredMatcher> =>
  matcherOfTensors(await readSafetensors(path));
