/** Other systems beside ours in the tables, known by their features alone. */
import type { FeatureSet } from "../../../matching/features/index.ts";
import { readFeatures, readMatcher } from "../../../matching/files/index.ts";
import { cosine, jointBayesian, type PairMetric } from "../../../matching/match/index.ts";

/** Features of the test faces and the way to compare them. */
export interface Peer {
  readonly name: string;
  readonly set: FeatureSet;
  readonly metric: PairMetric;
}

/** A peer by its files: that of its features and, where it has one, that of its matcher. */
export interface PeerFiles {
  readonly name: string;
  readonly features: string;
  readonly matcher?: string;
}

/** Reads a peer; without a matcher it is compared by cosine. */
export async function readPeer({ name, features, matcher }: PeerFiles): Promise<Peer> {
  const { set } = await readFeatures(features);
  const metric = matcher === undefined ? cosine : jointBayesian((await readMatcher(matcher)).matcher);
  return { name, set, metric };
}
