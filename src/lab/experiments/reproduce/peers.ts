/** Other systems beside ours in the tables, known by their features alone. */
import { InvalidArgumentError } from "commander";
import { type FeatureSet, readFeatures } from "../../../matching/features/index.ts";
import { cosine, jointBayesian, type PairMetric, readMatcher } from "../../../matching/match/index.ts";
import { existing } from "../../../cli/support/options.ts";

/** Features of the test faces and the way to compare them. */
export interface Peer {
  readonly name: string;
  readonly set: FeatureSet;
  readonly metric: PairMetric;
}

/** A peer as options name it: files of its features and, where it has one, of its matcher. */
export interface PeerFiles {
  readonly name: string;
  readonly features: string;
  readonly matcher?: string;
}

export async function readPeer({ name, features, matcher }: PeerFiles): Promise<Peer> {
  const { set } = await readFeatures(features);
  const metric = matcher === undefined ? cosine : jointBayesian((await readMatcher(matcher)).matcher);
  return { name, set, metric };
}

/** "Name=features.safetensors,matcher.safetensors", after those before. */
export function gatherPeer(text: string, before: PeerFiles[] | undefined): PeerFiles[] {
  const [, name, features, matcher] = /^([^=]+)=([^,]+)(?:,(.+))?$/.exec(text) ?? [];
  if (features === undefined) {
    throw new InvalidArgumentError("A name and a file are needed, like LBP=lbp.safetensors.");
  }
  for (const path of [features, matcher]) if (path !== undefined) existing(path);
  return [...(before ?? []), { name, features, matcher }];
}
