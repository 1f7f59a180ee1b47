/** The paper's tables and ours as sections of a page. */

import { count, formatPercent } from "../../../base/text/index.ts";
import type { IdentificationSummary, OpenSetSummary, Spread } from "../../../matching/protocols/index.ts";
import {
  GAIN_OVER_DEEPID2,
  type PublishedAccuracy,
  TABLE_1,
  TABLE_2,
  TABLE_3,
  TABLE_4,
  type VerificationTables,
} from "../../paper/index.ts";
import {
  barFigure,
  comparisonTable,
  netsFigure,
  type ReportSection,
  rocFigure,
  type Table,
} from "../../report/index.ts";
import type { PageFigure } from "../pageFigures.ts";
import type { MeasuredTables, SystemFacts } from "./measure.ts";

export interface TablesSection extends Omit<ReportSection, "figures"> {
  readonly figures?: readonly PageFigure[];
}

/** The sections, in the order of the paper. */
export function tablesSections(measured: MeasuredTables): TablesSection[] {
  return [
    verificationSection(measured),
    regionsSection(measured),
    netsSection(measured),
    videoSection(),
    identificationSection(measured),
    binarySection(measured.tables),
  ];
}

const two = { digits: 2 } as const;
const cited = ({ method, accuracy, error }: PublishedAccuracy): string[] => [
  method,
  formatPercent(accuracy, { ...two, error }),
  "as the paper prints it",
];
const measuredRow = (
  name: string,
  { mean, standardError }: VerificationTables["combined"]["accuracy"],
  note: string,
) => [name, formatPercent(mean, { ...two, error: standardError }), note];
const learnedFrom = ({ trainedOn: { people, pictures } }: SystemFacts): string =>
  `${count(pictures)} pictures of ${count(people)} people`;
const netsOf = (nets: number) => (nets === 1 ? "1 net" : `${nets} nets`);

function verificationSection({ system, tables, baseline, peers, test }: MeasuredTables): TablesSection {
  const { combined, single, sumOfRatios, cosine, nets } = tables;
  const own = `measured here; learned from ${learnedFrom(system)}`;
  const rows = [
    ...TABLE_1.map(cited),
    measuredRow(`Ours: DeepID2+, ${netsOf(nets)}`, combined.accuracy, own),
    measuredRow("Ours: the same, one Joint Bayesian a net, added up", sumOfRatios.accuracy, own),
    measuredRow("Ours: DeepID2+, whole face only", single.accuracy, own),
    measuredRow(`Ours: DeepID2+, ${netsOf(nets)}, cosine`, cosine.accuracy, own),
    ...(baseline
      ? [
          measuredRow(
            `Ours: DeepID2, ${netsOf(baseline.tables.nets)}`,
            baseline.tables.combined.accuracy,
            `measured here; learned from ${learnedFrom(baseline.system)}`,
          ),
        ]
      : []),
    ...peers.map(({ name, verification }) =>
      measuredRow(name, verification.accuracy, "measured here, from its features"),
    ),
  ];
  const curve = (name: string, { roc, auc }: VerificationTables["combined"]) => ({ name, auc, ...roc });
  const curves = [
    curve(netsOf(nets), combined),
    ...(nets > 1 ? [curve("whole face only", single)] : []),
    ...(baseline ? [curve("DeepID2", baseline.tables.combined)] : []),
    ...peers.map(({ name, verification }) => curve(name, verification)),
  ];
  return {
    heading: "Table 1 and Figure 4: verification",
    prose:
      "One person or two: every fold is decided by the threshold that is best on the other nine. Nothing else was " +
      "learned or chosen on these people. Mean and standard error of the ten folds.",
    tables: [methodTable(`Face verification: the paper's rows on LFW, View 2, ours on ${test}`, rows)],
    figures: [
      { file: "figure-4", svg: rocFigure(curves), data: curves, caption: "ROC, averaged over the folds." },
    ],
  };
}

const methodTable = (caption: string, rows: readonly (readonly string[])[]): Table => ({
  caption,
  columns: [{ name: "Method" }, { name: "Accuracy", numeric: true }, { name: "Where the number comes from" }],
  rows,
});

function regionsSection({ tables, baseline }: MeasuredTables): TablesSection {
  const bars = tables.regions.map(({ name, accuracy }, i) => ({
    name,
    value: accuracy.mean,
    error: accuracy.standardError,
    highlight: i === 0,
    rival: baseline?.tables.regions.find((region) => region.name === name)?.accuracy.mean,
  }));
  const figure = {
    label: "Verification accuracy of each net alone",
    from: 0.5,
    ...(baseline && { rival: "DeepID2" }),
  };
  const shared = baseline?.tables.regions.flatMap(({ name, accuracy }) => {
    const own = tables.regions.find((region) => region.name === name);
    return own
      ? [{ name, gain: own.accuracy.mean - accuracy.mean, own: own.accuracy, theirs: accuracy }]
      : [];
  });
  const gain = shared?.length
    ? shared.reduce((sum, region) => sum + region.gain, 0) / shared.length
    : undefined;
  return {
    heading: "Figure 3: one net for each region of the face",
    prose:
      gain === undefined
        ? "The paper compares each net with a DeepID2 net of the same region and gains approximately 2 points on " +
          "average. No DeepID2 nets were given here."
        : `The paper gains approximately ${formatPercent(GAIN_OVER_DEEPID2, { digits: 0 })} over DeepID2 nets of the same ` +
          `regions on average; here it is ${formatPercent(gain, two)} on ${shared!.length}.`,
    figures: [
      {
        file: "figure-3",
        svg: barFigure(bars, figure),
        caption: "Joint Bayesian, original and mirror image of each face.",
        data: bars,
      },
    ],
    tables: shared?.length
      ? [
          {
            caption: "Nets of the same region",
            columns: [
              { name: "Region" },
              { name: "DeepID2+", numeric: true },
              { name: "DeepID2", numeric: true },
              { name: "Gain", numeric: true },
            ],
            rows: shared.map(({ name, own, theirs, gain: by }) => [
              name,
              formatPercent(own.mean, two),
              formatPercent(theirs.mean, two),
              formatPercent(by, two),
            ]),
          },
        ]
      : [],
  };
}

function netsSection({ tables: { curve } }: MeasuredTables): TablesSection {
  const [first, last] = [curve[0], curve[curve.length - 1]];
  return {
    heading: "How nets add up",
    prose:
      `The first net reaches ${formatPercent(first.accuracy.mean, two)}, all ${last.nets} together ` +
      `${formatPercent(last.accuracy.mean, two)}; the paper's best single net ` +
      `${formatPercent(TABLE_4[0].jointBayesian, two)}, its 25 together ${formatPercent(TABLE_4[1].jointBayesian, two)}. Each ` +
      "number of nets has a matcher of its own, learned from the same people.",
    figures: [
      {
        file: "nets",
        svg: netsFigure(curve),
        caption: "Accuracy of the first nets together; bars are standard errors.",
        data: curve,
      },
    ],
  };
}

const videoSection = (): TablesSection => ({
  heading: "Table 2 and Figure 5: YouTube Faces",
  prose:
    "Measured where the frames are at hand: deepid evaluate video. The rows here are the paper's; ours is missing, not zero.",
  tables: [methodTable("Face verification on YouTube Faces", TABLE_2.map(cited))],
});

function identificationSection({ identification, tables: { nets } }: MeasuredTables): TablesSection {
  const cells = TABLE_3.map(({ method, rank1, detection }) => [
    method,
    formatPercent(rank1),
    formatPercent(detection),
    "as the paper prints it",
  ]);
  return {
    heading: "Table 3: identification",
    prose: identification
      ? `Closed set: ${count(identification.closed.probes)} probes among ${count(identification.closed.people)} people of one ` +
        `face each. Open set: ${count(identification.openSingle.people)} known people and ` +
        `${count(identification.openSingle.impostors)} faces of others. The lists behind the paper's table were never released; ours ` +
        `are drawn in their sizes, ${identification.seeds.length} times: mean and standard deviation.`
      : "The paper's rows; ours were not asked for.",
    tables: [
      {
        caption:
          "Closed-set rank-1, and detection and identification rate at a false alarm rate of 1 %, on LFW",
        columns: [
          { name: "Method" },
          { name: "Rank-1", numeric: true },
          { name: "DIR", numeric: true },
          { name: "Where the number comes from" },
        ],
        rows: [...cells, ...(identification ? identifiedRows(identification, nets) : [])],
      },
    ],
  };
}

/** The three ways of enrolling known people; the closed set has one of them. */
function identifiedRows(
  { closed, openSingle, openMany, openManyBySet }: IdentificationSummary,
  nets: number,
): string[][] {
  const percent = ({ mean, deviation }: Spread) => formatPercent(mean, { ...two, error: deviation });
  const found = ({ detection }: OpenSetSummary) =>
    percent(detection.find(({ falseAlarmRate }) => falseAlarmRate === 0.01)!.rate);
  const ours = `Ours: DeepID2+, ${netsOf(nets)}`;
  return [
    [`${ours}, one face enrolled`, percent(closed.rank1), found(openSingle), "measured here"],
    [`${ours}, all but one enrolled, the best counts`, "", found(openMany), "measured here"],
    ...(openManyBySet
      ? [[`${ours}, all but one enrolled, all count together`, "", found(openManyBySet), "measured here"]]
      : []),
  ];
}

function binarySection({ nets, single, combined, binary }: VerificationTables): TablesSection {
  const [one, all] = [binary[0], binary[binary.length - 1]];
  const paper = (k: number) => TABLE_4[k];
  const row = (what: string, published: number | null, ours: VerificationTables["single"] | null) => ({
    what,
    where: "Table 4",
    paper: published,
    ours: ours?.accuracy.mean ?? null,
    error: ours?.accuracy.standardError,
  });
  return {
    heading: "Table 4: binary codes",
    prose:
      "A bit says whether a neuron fires: FC-4 above zero, 64 bytes for 512 neurons. What is lost against the numbers " +
      "themselves is small in the paper; here it is beside it.",
    tables: [
      comparisonTable("FC-4 as numbers and as bits", [
        row("numbers, 1 net, Joint Bayesian", paper(0).jointBayesian, single),
        row(`numbers, ${netsOf(nets)}, Joint Bayesian`, paper(1).jointBayesian, combined),
        row("bits, 1 net, Joint Bayesian", paper(2).jointBayesian, one.jointBayesian),
        row("bits, 1 net, Hamming distance", paper(2).hamming, one.hamming),
        row(`bits, ${netsOf(nets)}, Joint Bayesian`, paper(3).jointBayesian, all.jointBayesian),
        row(`bits, ${netsOf(nets)}, Hamming distance`, paper(3).hamming, all.hamming),
      ]),
    ],
  };
}
