/** The paper's tables and ours as sections of a page. */

import { count, formatPercent } from "../../../base/text/index.ts";
import {
  GAIN_OVER_DEEPID2,
  type PublishedAccuracy,
  TABLE_1,
  TABLE_2,
  TABLE_4,
  type VerificationTables,
} from "../../paper/index.ts";
import { barFigure, netsFigure, numeric, rocFigure, type Table } from "../../report/index.ts";
import { binarySection, identificationSection, netsOf } from "./laterSections.ts";
import type { MeasuredTables, SystemFacts } from "./measure.ts";
import type { TablesSection } from "./tablesSection.ts";

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
  columns: [{ name: "Method" }, ...numeric("Accuracy"), { name: "Where the number comes from" }],
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
            columns: [{ name: "Region" }, ...numeric("DeepID2+", "DeepID2", "Gain")],
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
