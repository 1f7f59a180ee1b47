/**
 * The paper's tables claim by claim: what it says, what was measured here, and whether it holds. Of results as the
 * commands write them; what is not there is said to be not measured.
 */
import { count, formatPercent } from "../../base/text/index.ts";
import type { Finding, FindingNumber } from "../studies/index.ts";
import { GAIN_OVER_DEEPID2, PAPER_TRAINING, TABLE_1, TABLE_2, TABLE_3, TABLE_4 } from "./published.ts";

/** An accuracy as results hold it: a share and the standard error of its ten folds. */
export interface Score {
  readonly accuracy: { readonly mean: number; readonly standardError: number };
}

/** What is read of `deepid reproduce tables`. */
export interface TablesResult {
  readonly system: { readonly trainedOn: { readonly people: number; readonly pictures: number } };
  readonly tables: MeasuredScores;
  readonly baseline?: { readonly tables: Pick<MeasuredScores, "regions"> } | null;
}

interface MeasuredScores {
  readonly nets: number;
  readonly combined: Score;
  readonly single: Score;
  readonly regions: readonly ({ readonly name: string } & Score)[];
  readonly binary: readonly {
    readonly nets: number;
    readonly jointBayesian?: Score | null;
    readonly hamming: Score;
  }[];
}

/** What is read of `deepid evaluate identification`. */
export interface IdentificationResult {
  readonly closed: { readonly rank1: Spread };
  readonly openMany: { readonly detection: readonly { falseAlarmRate: number; rate: Spread }[] };
}

interface Spread {
  readonly mean: number;
  readonly deviation: number;
}

/** The nets of the regions beside those of DeepID2. */
export type RegionsResult = Pick<TablesResult, "baseline"> & {
  readonly tables: Pick<MeasuredScores, "regions">;
};

/** Results by what they measure; each may be missing. */
export interface PaperResults {
  readonly tables?: TablesResult;
  /** Figure 3 where its nets are not those of `tables`. */
  readonly regions?: RegionsResult;
  readonly lbp?: Score;
  readonly identification?: IdentificationResult;
  readonly video?: Score;
}

/** The claims of Tables 1 to 4 and Figure 3, in the order of the paper. */
export function tableClaims(results: PaperResults): Finding[] {
  const { tables, lbp, identification, video } = results;
  return [
    verificationClaim(tables),
    lbpClaim(tables, lbp),
    netsClaim(tables),
    regionsClaim(results.regions ?? tables),
    videoClaim(video),
    identificationClaim(identification),
    bitsClaim(tables, "jointBayesian"),
    bitsClaim(tables, "hamming"),
  ];
}

const percent = (share: number) => formatPercent(share, { digits: 2 });
const withError = (mean: number, error: number) => formatPercent(mean, { digits: 2, error });
const scored = ({ accuracy: { mean, standardError } }: Score) => withError(mean, standardError);
const points = (difference: number) => `${(100 * difference).toFixed(2)} points`;
/** Whether `ours` reaches `theirs` within two standard errors. */
const reaches = ({ accuracy: { mean, standardError } }: Score, theirs: number) =>
  mean + 2 * standardError >= theirs;
const reachedOrNot = (holds: boolean, rest: string) => `${holds ? "Reached" : "Not reached"} here: ${rest}.`;

const unmeasured = (
  about: Pick<Finding, "study" | "claim" | "where">,
  command: string,
  numbers: readonly FindingNumber[] = [],
): Finding => ({ ...about, holds: null, verdict: `Not measured here; ${command} does it.`, numbers });

const DEEPID2PLUS = TABLE_1[TABLE_1.length - 1];

function verificationClaim(measured: TablesResult | undefined): Finding {
  const about = {
    study: "verification",
    claim: `25 nets tell whether two photos show one person in ${percent(DEEPID2PLUS.accuracy)} of the pairs of LFW, one net alone in ${percent(TABLE_4[0].jointBayesian)}.`,
    where: "Section 4, Table 1, Fig. 4",
  };
  if (!measured) return unmeasured(about, "deepid reproduce tables");
  const { combined, single, nets } = measured.tables;
  const { pictures, people } = measured.system.trainedOn;
  const holds = reaches(combined, DEEPID2PLUS.accuracy);
  const share = (pictures / PAPER_TRAINING.pictures).toFixed(2);
  return {
    ...about,
    holds,
    verdict: reachedOrNot(
      holds,
      `${percent(combined.accuracy.mean)} by ${nets} nets that learned from ${share} times as many pictures`,
    ),
    numbers: [
      {
        what: `all nets (25 and ${nets})`,
        paper: withError(DEEPID2PLUS.accuracy, DEEPID2PLUS.error),
        ours: scored(combined),
      },
      {
        what: "one net (the best; whole face)",
        paper: percent(TABLE_4[0].jointBayesian),
        ours: scored(single),
      },
      { what: "pictures learned from", paper: count(PAPER_TRAINING.pictures), ours: count(pictures) },
      { what: "people learned from", paper: count(PAPER_TRAINING.people), ours: count(people) },
    ],
  };
}

function lbpClaim(measured: TablesResult | undefined, lbp: Score | undefined): Finding {
  const [published] = TABLE_1;
  const about = {
    study: "baseline",
    claim: `Learned features beat the best made by hand, high-dimensional LBP, by ${points(DEEPID2PLUS.accuracy - published.accuracy)}.`,
    where: "Section 4, Table 1",
  };
  if (!measured || !lbp) return unmeasured(about, "deepid reproduce tables --peer");
  const { combined } = measured.tables;
  const difference = combined.accuracy.mean - lbp.accuracy.mean;
  const holds = difference > 2 * Math.hypot(combined.accuracy.standardError, lbp.accuracy.standardError);
  return {
    ...about,
    holds,
    verdict: `${holds ? "Holds" : "Does not hold"} here: ${points(difference)}, both by Joint Bayesian and measured here.`,
    numbers: [
      {
        what: "high-dimensional LBP",
        paper: withError(published.accuracy, published.error),
        ours: scored(lbp),
      },
      {
        what: "difference",
        paper: points(DEEPID2PLUS.accuracy - published.accuracy),
        ours: points(difference),
      },
    ],
  };
}

function netsClaim(measured: TablesResult | undefined): Finding {
  const gain = TABLE_4[1].jointBayesian - TABLE_4[0].jointBayesian;
  const about = {
    study: "nets",
    claim: `All nets together beat the best of them by ${points(gain)}.`,
    where: "Section 4, Table 4",
  };
  if (!measured) return unmeasured(about, "deepid reproduce tables");
  const { combined, single } = measured.tables;
  const difference = combined.accuracy.mean - single.accuracy.mean;
  const error = Math.hypot(combined.accuracy.standardError, single.accuracy.standardError);
  const told = Math.abs(difference) > 2 * error;
  return {
    ...about,
    holds: told ? difference > 0 : null,
    verdict: told
      ? `${difference > 0 ? "Holds" : "Does not hold"} here: ${points(difference)}.`
      : `Cannot be told here: ${points(difference)}, with a standard error of ${points(error)}.`,
    numbers: [{ what: "all nets less one", paper: points(gain), ours: points(difference) }],
  };
}

function regionsClaim(measured: RegionsResult | undefined): Finding {
  const about = {
    study: "regions",
    claim: `DeepID2+ nets beat DeepID2 nets of the same region by about ${(100 * GAIN_OVER_DEEPID2).toFixed(0)} points on average.`,
    where: "Section 4, Fig. 3",
  };
  if (!measured) return unmeasured(about, "deepid reproduce tables --baseline");
  const { regions } = measured.tables;
  const alone = regions.map(({ name, accuracy }) => ({
    what: name,
    ours: withError(accuracy.mean, accuracy.standardError),
  }));
  const gains = regions.flatMap(({ name, accuracy }) => {
    const theirs = measured.baseline?.tables.regions.find((region) => region.name === name);
    return theirs ? [accuracy.mean - theirs.accuracy.mean] : [];
  });
  if (gains.length === 0) return unmeasured(about, "deepid reproduce tables --baseline", alone);
  const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
  const holds = mean >= GAIN_OVER_DEEPID2 / 2;
  return {
    ...about,
    holds,
    verdict: `${holds ? "Holds" : "Does not hold"} here: ${points(mean)} on average of ${gains.length} regions; at least half of the paper's is asked for.`,
    numbers: [
      { what: "mean gain", paper: `about ${points(GAIN_OVER_DEEPID2)}`, ours: points(mean) },
      ...alone,
    ],
  };
}

function videoClaim(video: Score | undefined): Finding {
  const { accuracy, error } = TABLE_2[TABLE_2.length - 1];
  const paper = withError(accuracy, error);
  const about = {
    study: "video",
    claim: `The same nets tell people in videos apart: ${percent(accuracy)} on YouTube Faces.`,
    where: "Section 4, Table 2, Fig. 5",
  };
  const what = "YouTube Faces";
  if (!video) return unmeasured(about, "deepid evaluate video", [{ what, paper, ours: "not measured" }]);
  const holds = reaches(video, accuracy);
  return {
    ...about,
    holds,
    verdict: reachedOrNot(holds, scored(video)),
    numbers: [{ what, paper, ours: scored(video) }],
  };
}

const FALSE_ALARMS = 0.01;

function identificationClaim(measured: IdentificationResult | undefined): Finding {
  const published = TABLE_3[TABLE_3.length - 1];
  const about = {
    study: "identification",
    claim: `Among 4,249 people the right one comes first for ${percent(published.rank1)} of the faces; with strangers, ${percent(published.detection)} are found at 1 % false alarms.`,
    where: "Section 4, Table 3",
  };
  if (!measured) return unmeasured(about, "deepid evaluate identification");
  const { rank1 } = measured.closed;
  const detection = measured.openMany.detection.find(({ falseAlarmRate }) => falseAlarmRate === FALSE_ALARMS);
  const holds = rank1.mean + 2 * rank1.deviation >= published.rank1;
  const spread = ({ mean, deviation }: Spread) => withError(mean, deviation);
  return {
    ...about,
    holds,
    verdict: reachedOrNot(holds, `${percent(rank1.mean)} come first, by the whole-face net alone`),
    numbers: [
      { what: "rank 1", paper: percent(published.rank1), ours: spread(rank1) },
      {
        what: "found at 1 % false alarms, all faces of a person enrolled",
        paper: percent(published.detection),
        ours: detection ? spread(detection.rate) : "not measured",
      },
    ],
  };
}

/** Table 4: what is lost when numbers become bits. */
function bitsClaim(measured: TablesResult | undefined, by: "jointBayesian" | "hamming"): Finding {
  const [one, all, oneBits, allBits] = TABLE_4;
  const paper = [one.jointBayesian - oneBits[by]!, all.jointBayesian - allBits[by]!];
  const matched = by === "hamming" ? "the number of bits that differ" : "Joint Bayesian";
  const about = {
    study: `bits by ${by === "hamming" ? "Hamming distance" : "Joint Bayesian"}`,
    claim: `Which neurons fire is nearly all there is: compared by ${matched}, bits lose ${points(paper[0])} against numbers for one net, ${points(paper[1])} for all.`,
    where: "Section 5, Table 4",
  };
  const bits = measured?.tables.binary.map((row) => row[by] ?? undefined);
  const [single, combined] = [bits?.[0], bits?.[bits.length - 1]];
  if (!measured || !single || !combined) return unmeasured(about, "deepid reproduce tables");
  const pairs = [
    { real: measured.tables.single, binary: single },
    { real: measured.tables.combined, binary: combined },
  ];
  const lost = pairs.map(({ real, binary }) => real.accuracy.mean - binary.accuracy.mean);
  const holds = pairs.every(({ real, binary }, k) => {
    const error = Math.hypot(real.accuracy.standardError, binary.accuracy.standardError);
    return lost[k] - 2 * error <= paper[k];
  });
  return {
    ...about,
    holds,
    verdict: `${holds ? "Holds" : "Does not hold"} here: ${points(lost[0])} and ${points(lost[1])}; no more than the paper's within two standard errors is asked for.`,
    numbers: [
      { what: "bits of one net", paper: percent(oneBits[by]!), ours: scored(single) },
      { what: "bits of all nets", paper: percent(allBits[by]!), ours: scored(combined) },
    ],
  };
}
