/** Answers as text for people: of one photo alone, or a line for each of many. Runs in a browser, too. */
import { columns, count, counted, formatPercent, formatProbability } from "../../base/text/index.ts";
import type { Analysis, AttributeReading, FaceUsed, Representation, VerifyResult } from "./answers.ts";
import type { FaceRecognition, Recognitions, SearchResult } from "./galleryAnswers.ts";

/** Answers about photos, in their order. */
export interface AnswersOf<T> {
  /** Whether one picture was asked about, and not several, a folder or an archive: its answer then stands alone. */
  readonly one: boolean;
  readonly answers: readonly { readonly photo: string; readonly answer: T }[];
}

/** Who is on a photo, face by face, with the candidates; of many photos the names alone. */
export const recognitionsText = ({ one, answers }: AnswersOf<Recognitions>): string =>
  one ? recognitionText(answers[0].answer) : describePhotos(answers);

/** Share of a face beyond the border from which on it is told. */
const WORTH_TELLING = 0.05;

/** How much of a face is beyond the border: "12 % cut off"; "" where that is next to nothing. */
export const cutText = (cutOff: number): string =>
  cutOff < WORTH_TELLING ? "" : `${formatPercent(cutOff, { digits: 0 })} cut off`;

/** What should be known of the face that was taken: "face 1 of 3, at 330, 81, 12 % cut off"; "" where there is nothing. */
function faceNote({ number, faces, box, cutOff }: FaceUsed): string {
  const which = faces > 1 ? [`face ${number} of ${faces}`, ...(box ? [placeOf(box)] : [])] : [];
  return [...which, cutText(cutOff)].filter(Boolean).join(", ");
}

const placeOf = ({ x, y }: { readonly x: number; readonly y: number }) =>
  `at ${Math.round(x)}, ${Math.round(y)}`;

/** A line for each face that has something to be known, called as `names` say. */
const faceNotes = (faces: readonly FaceUsed[], names: readonly string[] = []): string =>
  faces
    .map((face, i) => [names[i], faceNote(face)] as const)
    .flatMap(([name, note]) => (note === "" ? [] : [`${name === undefined ? "" : `${name}: `}${note}\n`]))
    .join("");

function recognitionText(answer: Recognitions): string {
  const { faces } = answer;
  const each = faces.map((face, index) => {
    const { box, cutOff } = face.face;
    const cut = cutText(cutOff);
    const where = [...(faces.length > 1 && box ? [placeOf(box)] : []), ...(cut === "" ? [] : [cut])].join(
      ", ",
    );
    const head = faces.length === 1 ? cut : `face ${index}${where && ` ${where}`}`;
    return `${head && `${head}: `}${describeFace(face)}`;
  });
  return `${each.join("\n\n")}\n${describeThreshold(answer)}`;
}

function describeFace({ person, explanation, candidates }: FaceRecognition): string {
  const rows = candidates.map(
    ({ person: { name }, score, probabilityAtEvenOdds: probability, hammingDistance }) =>
      [
        name,
        `score ${score.toFixed(2)}, probability at even odds ${formatProbability(probability)}, ` +
          `Hamming distance ${hammingDistance}`,
      ] as const,
  );
  return [`${person?.name ?? "unknown"}\n${explanation}\n`, columns(rows)].join("\n");
}

function describeThreshold({ threshold, people, falseAlarmRate }: Recognitions): string {
  const accepted =
    falseAlarmRate === null
      ? ""
      : `, at which ${formatPercent(falseAlarmRate)} of strangers would be taken for somebody`;
  return `threshold ${threshold.score.toFixed(2)}, ${counted(people, "person", "people")}${accepted}`;
}

function describePhotos(answers: AnswersOf<Recognitions>["answers"]): string {
  const rows = answers.map(({ photo, answer }) => [photo, whoIsOn(answer)] as const);
  const last = answers.at(-1);
  return last ? `${columns(rows)}\n${describeThreshold(last.answer)}` : "";
}

/** "Ann, probably Ben, 2 unknown". */
function whoIsOn({ faces }: Recognitions): string {
  if (faces.length === 0) return "no face";
  const names = faces.flatMap(({ person, verdict }) =>
    person ? [verdict === "same" ? person.name : `probably ${person.name}`] : [],
  );
  const unfit = faces.filter((face) => face.unfit !== null).length;
  const unknown = faces.length - names.length - unfit;
  if (unknown > 0) names.push(faces.length === 1 ? "unknown" : `${count(unknown)} unknown`);
  if (unfit > 0) names.push(`${count(unfit)} not judged`);
  return names.join(", ");
}

/** The verdict with its score, its threshold and what is behind it; which faces were taken, of the pictures called `names`. */
export function verdictText(answer: VerifyResult, names: readonly string[] = ["a", "b"]): string {
  const { verdict, explanation, score, probabilityAtEvenOdds: probability, threshold } = answer;
  const { point, falseAcceptRate, falseRejectRate } = threshold;
  const at =
    falseAcceptRate === null
      ? "the model is not calibrated"
      : `${point ?? "by --far"}: accepts ${formatPercent(falseAcceptRate, { digits: 2 })} of pairs of strangers, rejects ` +
        `${formatPercent(falseRejectRate)} of true pairs`;
  const needed = threshold.probabilityAtEvenOdds;
  return `${explanation}\n${faceNotes(answer.faces, names)}\n${columns([
    ["verdict", verdict],
    ["score", `${score.toFixed(2)} (log likelihood ratio)`],
    ["threshold", `${threshold.score.toFixed(2)} (${at})`],
    [
      "probability",
      probability === null
        ? "the model is not calibrated"
        : `${formatProbability(probability)} at even prior odds (a score at the threshold: ${formatProbability(needed)})`,
    ],
    ["cosine", answer.cosine.toFixed(3)],
    ["Hamming distance", `${answer.hammingDistance} of ${answer.codeBits} neurons`],
  ])}`;
}

/** Of many photos, each compared with the first: the verdict on each, and the threshold. */
export function verdictsText(answers: AnswersOf<VerifyResult>["answers"]): string {
  const rows = answers.map(
    ({ photo, answer: { verdict, score, probabilityAtEvenOdds: probability, faces } }) => {
      const note = faceNotes(faces.slice(1)).trim();
      const sure = `score ${score.toFixed(2)}, probability at even odds ${formatProbability(probability)}`;
      return [photo, `${verdict.padEnd(17)}  ${sure}${note && `, ${note}`}`] as const;
    },
  );
  const last = answers.at(-1);
  return last ? `${columns(rows)}\nthreshold ${last.answer.threshold.score.toFixed(2)}` : "";
}

/** The code of a face and how many features it has; or of each photo the code alone. */
export function representationsText({
  one,
  answers,
}: AnswersOf<Representation & { readonly model: string }>): string {
  if (!one) return columns(answers.map(({ photo, answer }) => [photo, answer.code]));
  const { code, features, model } = answers[0].answer;
  const active = features.filter((value) => value > 0).length;
  return columns([
    ["code", code],
    ["features", `${count(features.length)} numbers, ${count(active)} above 0`],
    ["model", model],
  ]);
}

/** The attributes of a face and how often such an answer is right; or of each photo those that are there. */
export function analysesText({ one, answers }: AnswersOf<Analysis>): string {
  if (answers.length === 0) return "";
  if (!one) return columns(answers.map(({ photo, answer }) => [photo, presentIn(answer)]));
  const { face, attributes, measuredOn } = answers[0].answer;
  const { people, source } = measuredOn;
  return (
    `${faceNotes([face])}${columns(attributes.map((reading) => [reading.name, readingText(reading)]))}\n` +
    `how often such answers are right was counted on ${count(people)} people who taught none of them (${source})`
  );
}

/** Those that are there, each with how sure that is. */
const presentIn = ({ attributes }: Analysis): string =>
  attributes
    .filter(({ present }) => present)
    .map(({ name, probability }) => `${name} (${sureText(probability)} sure)`)
    .join(", ");

/** A probability of what is answered: nothing is entirely sure. */
const sureText = (probability: number): string => formatPercent(Math.min(0.99, probability), { digits: 0 });

/** "yes, 97 % sure (right 91 % of the time)": how sure is the probability of what is answered. */
function readingText({ present, probability, accuracy, neuron }: AttributeReading): string {
  const yes = (there: boolean) => (there ? "yes" : "no");
  const percent = (share: number) => formatPercent(share, { digits: 0 });
  const sure = sureText(present ? probability : 1 - probability);
  const all = `${yes(present).padEnd(3)} ${sure.padStart(5)} sure (right ${percent(accuracy)} of the time)`;
  if (!neuron) return all;
  const one = `neuron ${neuron.index}: ${yes(neuron.present)} (right ${percent(neuron.accuracy)} of the time)`;
  return `${all}; ${one}`;
}

/** The faces that are most like the one asked about, of each photo. */
export const hitsText = ({ one, answers }: AnswersOf<SearchResult>): string =>
  answers
    .map(({ photo, answer }) => (one ? foundText(answer) : `${photo}\n${foundText(answer)}`))
    .join("\n\n");

const foundText = ({ face, hits, faces }: SearchResult): string =>
  faceNotes([face]) +
  [
    columns(
      hits.map(({ person, faceId, hammingDistance, score }) => [
        `${person.name} (face ${faceId})`,
        `Hamming distance ${hammingDistance}${score === null ? "" : `, score ${score.toFixed(2)}`}`,
      ]),
    ),
    `of ${count(faces)} faces`,
  ].join("\n");
