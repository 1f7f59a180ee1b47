/**
 * The paper's tables claim by claim: what it says, what was measured here, and whether it holds. Of results as the
 * commands write them; what is not there is said to be not measured.
 */
import { count } from "../../base/text/index.ts";
import type { Finding } from "../studies/index.ts";
import type { PaperResults, RegionsResult, Score, TablesResult } from "./claimWords.ts";
import { percent, points, reachedOrNot, reaches, scored, unmeasured, withError } from "./claimWords.ts";
import { bitsClaim, identificationClaim, videoClaim } from "./laterClaims.ts";
import { GAIN_OVER_DEEPID2, PAPER_TRAINING, TABLE_1, TABLE_4 } from "./published.ts";

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
