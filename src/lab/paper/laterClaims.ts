/** The claims of Tables 2 to 4: videos, identification, bits. */
import type { Finding } from "../studies/index.ts";
import type { IdentificationResult, Score, Spread, TablesResult } from "./claimWords.ts";
import { percent, points, reachedOrNot, reaches, scored, unmeasured, withError } from "./claimWords.ts";
import { TABLE_2, TABLE_3, TABLE_4 } from "./published.ts";

export function videoClaim(video: Score | undefined): Finding {
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

export function identificationClaim(measured: IdentificationResult | undefined): Finding {
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
export function bitsClaim(measured: TablesResult | undefined, by: "jointBayesian" | "hamming"): Finding {
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
