// src/people/answers: what is asked and answered about faces, as plain values; verdicts from features. Also for browsers.
export { aboutModel, type ModelAbout } from "./about.ts";
export {
  type Analysis,
  AnalysisSchema,
  type Answer,
  type AttributeReading,
  type DecisionThreshold,
  type FaceUsed,
  FaceUsedSchema,
  type Located,
  LocatedSchema,
  type PairVerdict,
  PairVerdictSchema,
  type Refusal,
  type RefusalReason,
  type Representation,
  RepresentationSchema,
  type Unchanging,
  type UnfitReason,
  VERDICTS,
  type Verdict,
  type VerifyResult,
  VerifyResultSchema,
} from "./answers.ts";
export {
  type Decision,
  type DecisionChoice,
  decisionOf,
  FALSE_ALARM_RATES,
  falseAlarmRateOf,
  galleryDecisionOf,
  probabilityOf,
  verdictOf,
} from "./decision.ts";
export { explainIdentity } from "./explain.ts";
export {
  asAligned,
  type Eyes,
  type FoundFace,
  findFace,
  findFaces,
  nameOf,
  type ReadyFace,
  sizeOf,
  type UsedFace,
  usedFaces,
} from "./findFace.ts";
export {
  type Candidate,
  type FaceRecognition,
  type PersonRef,
  type Recognition,
  RecognitionSchema,
  type Recognitions,
  RecognitionsSchema,
  type Registration,
  RegistrationSchema,
  type Registrations,
  type SearchHit,
  type SearchResult,
  SearchResultSchema,
} from "./galleryAnswers.ts";
export {
  type AnswersOf,
  analysesText,
  cutText,
  hitsText,
  recognitionsText,
  representationsText,
  verdictsText,
  verdictText,
} from "./inWords.ts";
export { codesOf, judgePair, judgeRows } from "./judge.ts";
export { PICTURE_LIMITS, type PictureLimits, unfitText } from "./limits.ts";
export { likelyFaces, mainFace } from "./mainFace.ts";
export { codeText, featuresOf, fingerprintOf, neuronsOf } from "./numbers.ts";
export { type FaceChoice, type FaceInput, type Photo, readWhichFace, type WhichFace } from "./questions.ts";
export { RECOGNITION_COLUMNS, recognitionRows, VERDICT_COLUMNS, verdictRow } from "./tables.ts";
export { coordinatesToGroup, facesToGroup } from "./toGroup.ts";
