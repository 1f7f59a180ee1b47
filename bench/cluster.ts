/**
 * How well faces of nobody knows whom are grouped: by the exact ratio of sets with and without the cohort, beside DBSCAN on the
 * same features. Each method's threshold is chosen on View 1's training people, and reported on its test people.
 * Run: npx tsx bench/cluster.ts lfw.safetensors --train pairsDevTrain.txt --test pairsDevTest.txt [--out results/cluster.json]
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readText } from "../src/base/files/index.ts";
import { measuredModel } from "../src/lab/results/index.ts";
import {
  type ClusterQuality,
  clusterQuality,
  groupsAbove,
  joinFaces,
} from "../src/matching/cluster/index.ts";
import { type FeatureSet, selectPeople } from "../src/matching/features/index.ts";
import { readFeatures, readMatcher } from "../src/matching/files/index.ts";
import type { StoredMatcher } from "../src/matching/match/index.ts";
import { openSystem } from "../src/nets/models/index.ts";
import { facesToGroup } from "../src/people/answers/index.ts";
import { dbscan } from "./dbscan.ts";
import { keep } from "./keep.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    model: { type: "string", default: "models/whole-face-taught" },
    train: { type: "string" },
    test: { type: "string" },
    out: { type: "string" },
  },
});
const RATIOS = [2, 3, 4, 5, 6, 7, 8];
/** Of a group's faces, beside independence. */
const CORRELATIONS = [0.1, 0.25, 0.5];
/** That of scores without the cohort. */
const PLAIN = 0.25;
const COSINES = [0.65, 0.7, 0.75, 0.8, 0.83, 0.86, 0.9];

const { set } = await readFeatures(positionals[0]);
const system = await openSystem(values.model, { threads: 1 });
const parts = { train: await peopleIn(values.train), test: await peopleIn(values.test) };

/** The rows of the people whom a list of View 1 names. */
async function peopleIn(list: string | undefined): Promise<FeatureSet> {
  if (list === undefined)
    throw new Error("--train and --test are needed: pairsDevTrain.txt and pairsDevTest.txt");
  const lines = (await readText(list)).trim().split("\n").slice(1);
  // "name n m" of one person, "name n other m" of two; no name is a number alone
  const named = new Set(lines.flatMap((line) => line.split("\t").filter((cell) => !/^\d+$/.test(cell))));
  return selectPeople(set, (person) => named.has(person));
}

type Group = (part: FeatureSet, thresholds: readonly number[]) => Promise<number[][][]>;

const byRatio =
  (matcher: StoredMatcher, correlation: number): Group =>
  async (part, thresholds) => {
    const joins = await joinFaces(facesToGroup(matcher, part, { correlation }), {
      threshold: Math.min(...thresholds),
    });
    return thresholds.map((threshold) => groupsAbove(part.rows, joins, threshold));
  };

const plain = await readMatcher(join(values.model, "matcher.safetensors"));
const METHODS: readonly { name: string; thresholds: readonly number[]; group: Group }[] = [
  { name: "exact set likelihood ratio", thresholds: RATIOS, group: byRatio(system.matcher, 0) },
  ...CORRELATIONS.map((correlation) => ({
    name: `set likelihood ratio, correlation ${correlation}`,
    thresholds: RATIOS,
    group: byRatio(system.matcher, correlation),
  })),
  {
    name: `set likelihood ratio, correlation ${PLAIN}, scores without the cohort`,
    thresholds: RATIOS,
    group: byRatio(plain, PLAIN),
  },
  { name: "DBSCAN, cosine", thresholds: COSINES, group: async (part, least) => dbscan(part, least) },
];

/** What is chosen by: pairs weigh large groups most, BCubed does not. */
const goodness = ({ pairwise, bcubed }: ClusterQuality) => (pairwise.f1 + bcubed.f1) / 2;

const results = [];
for (const { name, thresholds, group } of METHODS) {
  const train = (await group(parts.train, thresholds)).map((groups, i) => ({
    threshold: thresholds[i],
    ...clusterQuality(groups, parts.train.identities),
  }));
  const best = train.reduce((a, b) => (goodness(b) > goodness(a) ? b : a));
  const begun = process.cpuUsage();
  const [groups] = await group(parts.test, [best.threshold]);
  const { user, system: kernel } = process.cpuUsage(begun);
  const one = {
    method: name,
    threshold: best.threshold,
    seconds: Math.round((user + kernel) / 1e5) / 10,
    groups: groups.length,
    test: clusterQuality(groups, parts.test.identities),
    train,
  };
  for (const tried of train) console.log(name, tried.threshold, tried.pairwise, tried.bcubed);
  console.log(JSON.stringify({ ...one, train: undefined }));
  results.push(one);
}
await system.release();
const sizeOf = ({ rows, identities }: FeatureSet) => ({ pictures: rows, people: new Set(identities).size });
await keep(
  values.out,
  {
    kind: "study",
    model: measuredModel(system),
    command:
      "npx tsx bench/cluster.ts lfw.safetensors --train pairsDevTrain.txt --test pairsDevTest.txt --out results/cluster.json",
    data: "LFW, people of the lists of View 1: thresholds chosen on those for training, reported on those for testing",
  },
  { train: sizeOf(parts.train), test: sizeOf(parts.test), results },
);
