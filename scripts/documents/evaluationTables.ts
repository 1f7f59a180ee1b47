/** The tables of docs/evaluation.md, and what model cards say beside them, from results/ and the paper's own tables. */
import { formatPercent } from "../../src/base/text/index.ts";
import { TABLE_1, TABLE_3, TABLE_4 } from "../../src/lab/paper/index.ts";
import { table } from "./table.ts";
import type { Texts } from "./taughtNumbers.ts";

/** A result as JSON; undefined where there is none. Its shape is the one its writer's schema has checked. */
// biome-ignore lint/suspicious/noExplicitAny: paths into files of many kinds
type Read = (path: string) => any;

interface Mean {
  readonly mean: number;
  /** Of folds, or over draws. */
  readonly standardError?: number;
  readonly deviation?: number;
}

const text = ({ mean, standardError, deviation }: Mean): string =>
  formatPercent(mean, { digits: 2, error: standardError ?? deviation });
const score = ({ accuracy }: { readonly accuracy: Mean }): string => text(accuracy);
const at1 = ({ detection }: { readonly detection: { falseAlarmRate: number; rate: Mean }[] }): string =>
  text(detection.find(({ falseAlarmRate }) => falseAlarmRate === 0.01)!.rate);

const [paper3] = TABLE_3.filter(({ method }) => method === "DeepID2+");
const [paper1] = TABLE_1.filter(({ method }) => method === "DeepID2+");
const [realOne, , bitsOne, bitsAll] = TABLE_4;
const two = (value: number) => formatPercent(value, { digits: 2 });
const PAPER = {
  all: text({ mean: paper1.accuracy, standardError: paper1.error }),
  one: two(realOne.jointBayesian),
  rank1: formatPercent(paper3.rank1),
  found: formatPercent(paper3.detection),
  bitsOne: two(bitsOne.jointBayesian),
  hammingOne: two(bitsOne.hamming!),
  bitsAll: two(bitsAll.jointBayesian),
  hammingAll: two(bitsAll.hamming!),
};

type Row = readonly [what: string, ours: string, paper: string];

/** Of one net: every protocol, the paper's number, and the file that holds ours. */
export function oneNetTable(read: Read): string {
  const files = {
    "lfw-verification": verificationRows,
    "lfw-identification": identificationRows,
    "lfw-codes": codesRows,
    "lfw-blufr": blufrRows,
  };
  const rows = Object.entries(files).flatMap(([file, rowsOf]) =>
    rowsOf(read(`results/${file}.json`)).map((row) => [...row, `[${file}.json](../results/${file}.json)`]),
  );
  return table(["what", "ours", "paper", "file"], rows);
}

interface Metric {
  readonly metric: string;
  readonly pairs: number;
  readonly accuracy: Mean;
}

interface Verified extends Metric {
  readonly metrics: readonly Metric[];
  readonly excluding: { readonly metrics: readonly Metric[] };
}

const by = (metrics: readonly Metric[], name: string) =>
  score(metrics.find(({ metric }) => metric === name)!);

function verificationRows(verified: Verified): Row[] {
  const { metrics, excluding } = verified;
  const excluded = verified.pairs - excluding.metrics[0].pairs;
  return [
    ["LFW View 2, Joint Bayesian", score(verified), `${PAPER.one} (best single net)`],
    [`the same without ${excluded} doubtful pairs (our list)`, by(excluding.metrics, "joint-bayesian"), ""],
    ["LFW View 2, cosine", by(metrics, "cosine"), ""],
    ["LFW View 2, Hamming, 1,024 bits", by(metrics, "hamming"), `${PAPER.hammingOne} (single net)`],
  ];
}

type OpenSet = Parameters<typeof at1>[0];

interface Identified {
  readonly closed: { readonly rank1: Mean };
  readonly openSingle: OpenSet;
  readonly openMany: OpenSet;
  readonly openManyBySet: OpenSet;
}

const identificationRows = ({ closed, openSingle, openMany, openManyBySet }: Identified): Row[] => [
  ["closed set, rank-1", text(closed.rank1), `${PAPER.rank1} (25 nets)`],
  ...[
    { how: "one face each enrolled", open: openSingle },
    { how: "all but one enrolled, best face", open: openMany },
    { how: "all but one enrolled, as a set", open: openManyBySet },
  ].map(({ how, open }): Row => [`open set, DIR at 1 % FAR, ${how}`, at1(open), `${PAPER.found} (25 nets)`]),
];

interface Scored {
  readonly accuracy: Mean;
}

interface Coded {
  readonly systems: readonly {
    readonly real: Scored;
    readonly binary: readonly { threshold: string; jointBayesian: Scored; hamming: Scored }[];
  }[];
}

function codesRows({ systems: [{ real, binary }] }: Coded): Row[] {
  const bits = (where: string) => binary.find(({ threshold }) => threshold === where)!;
  const [zero, median] = [bits("zero"), bits("median")];
  return [
    ["real-valued features, Joint Bayesian refitted", score(real), PAPER.one],
    ["1,024 bits above 0, Joint Bayesian", score(zero.jointBayesian), PAPER.bitsOne],
    ["1,024 bits above 0, Hamming", score(zero.hamming), PAPER.hammingOne],
    ["1,024 bits above the median, Joint Bayesian", score(median.jointBayesian), ""],
    ["1,024 bits above the median, Hamming", score(median.hamming), ""],
  ];
}

interface Blufr {
  readonly seeds: readonly number[];
  readonly verification: readonly { readonly falseAcceptRate: number; readonly rate: Mean }[];
  readonly openSet: OpenSet;
}

function blufrRows({ seeds, verification, openSet }: Blufr): Row[] {
  const { rate } = verification.find(({ falseAcceptRate }) => falseAcceptRate === 0.001)!;
  return [
    [`BLUFR lists of ours, verification rate at 0.1 % FAR (${seeds.length} trials)`, text(rate), ""],
    ["BLUFR lists of ours, open set, DIR at 1 % FAR", at1(openSet), ""],
  ];
}

/** Of the system of several nets, and where it was measured of its first alone. */
export function allNetsTable(read: Read): string {
  const { tables, identification: all } = read("results/lfw-tables.json");
  const [first, last] = [tables.binary[0], tables.binary[tables.binary.length - 1]];
  const open = (what: string, set: "openSingle" | "openMany" | "openManyBySet") => [
    what,
    at1(all[set]),
    "",
    PAPER.found,
  ];
  return table(
    ["what", `${tables.nets} nets`, "the first of them", "paper"],
    [
      ["LFW View 2, Joint Bayesian", score(tables.combined), score(tables.single), PAPER.all],
      ["sum of each net's LLR", score(tables.sumOfRatios), "", ""],
      ["cosine", score(tables.cosine), "", ""],
      ["closed set, rank-1", text(all.closed.rank1), "", PAPER.rank1],
      open("open set, DIR at 1 % FAR, one face each enrolled", "openSingle"),
      open("the same, all but one enrolled, best face", "openMany"),
      open("the same, all but one enrolled, as a set", "openManyBySet"),
      ["bits, Joint Bayesian", score(last.jointBayesian), score(first.jointBayesian), PAPER.bitsAll],
      ["bits, Hamming", score(last.hamming), score(first.hamming), PAPER.hammingAll],
    ],
  );
}

/** What models/regions/README.md says of the first so many nets, and of each alone. */
export function systemNumbers(read: Read): Texts {
  const { tables } = read("results/lfw-tables.json");
  const curve: { nets: number; accuracy: Mean }[] = tables.curve;
  const listed = (items: readonly string[]) =>
    `${items.slice(0, -1).join(", ")} and ${items[items.length - 1]}`;
  const ranked = [...tables.regions].sort((p, q) => p.accuracy.mean - q.accuracy.mean);
  const region = ({ name, accuracy }: { name: string; accuracy: Mean }) => `${two(accuracy.mean)} (${name})`;
  return {
    "first-nets": () => listed(curve.map(({ nets }) => String(nets))),
    "first-nets-right": () => curve.map(({ accuracy }) => (100 * accuracy.mean).toFixed(2)).join(", "),
    "weakest-region": () => region(ranked[0]),
    "strongest-region": () => region(ranked[ranked.length - 1]),
  };
}
