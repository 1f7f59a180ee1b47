/** What a claim is decided by, and how its verdict is worded. */
import { formatPercent } from "../../base/text/index.ts";
import type { Finding, FindingNumber } from "../studies/index.ts";

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

export interface MeasuredScores {
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

export interface Spread {
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

export const percent = (share: number) => formatPercent(share, { digits: 2 });
export const withError = (mean: number, error: number) => formatPercent(mean, { digits: 2, error });
export const scored = ({ accuracy: { mean, standardError } }: Score) => withError(mean, standardError);
export const points = (difference: number) => `${(100 * difference).toFixed(2)} points`;
/** Whether `ours` reaches `theirs` within two standard errors. */
export const reaches = ({ accuracy: { mean, standardError } }: Score, theirs: number) =>
  mean + 2 * standardError >= theirs;
export const reachedOrNot = (holds: boolean, rest: string) =>
  `${holds ? "Reached" : "Not reached"} here: ${rest}.`;

export const unmeasured = (
  about: Pick<Finding, "study" | "claim" | "where">,
  command: string,
  numbers: readonly FindingNumber[] = [],
): Finding => ({ ...about, holds: null, verdict: `Not measured here; ${command} does it.`, numbers });
