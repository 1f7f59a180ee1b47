/** What the recognizer is asked and what it answers: plain values, ready for JSON. */
import type { Landmarks } from "../../faces/face/index.ts";
import type { Box, Size } from "../../faces/image/index.ts";
import type { LocatedFace } from "../../faces/locate/index.ts";

/** Which face of a picture is meant. */
export interface FaceChoice {
  /** What messages call it (default "the picture"). */
  readonly name?: string;
  /** The five points, in pixels of the upright picture: nothing is detected then. */
  readonly landmarks?: Landmarks;
  /** The picture shows one aligned face and nothing else; it is resized to the aligned frame of 88 x 104. */
  readonly aligned?: boolean;
  /** Which face of several: refuse ("only", the default), the largest one, or its number in the answer of `locate`. */
  readonly face?: "only" | "largest" | number;
}

/** A picture with a face. */
export interface FaceInput extends FaceChoice {
  /** A JPEG, PNG, WebP, AVIF, TIFF or GIF file. */
  readonly bytes: Uint8Array;
  /** The bytes are no file but the pixels of an aligned face [104, 88, 3]; how good the face is, is not judged then. */
  readonly raw?: boolean;
}

/** How the face of an answer was found. */
export interface FaceUsed {
  readonly source: "located" | "landmarks" | "aligned";
  /** Of the upright picture, in pixels. */
  readonly picture: Size;
  /** Null for an aligned picture. */
  readonly landmarks: Landmarks | null;
  readonly box: Box | null;
  /** The detector's, 0 to 1. */
  readonly score: number | null;
  /** Pixels between the eyes, in the picture. */
  readonly eyeDistance: number;
  /** Detail in the aligned face, a ratio (see `sharpnessOf`). */
  readonly sharpness: number;
}

/** Why a face is not judged. */
export type UnfitReason = "face-too-small" | "face-too-blurred";

/** Why a picture got no answer. */
export type RefusalReason = "no-face" | "several-faces" | "no-such-face" | UnfitReason;

/** No answer, because of what the picture shows. A file that is no picture is a DataError instead. */
export interface Refusal {
  readonly ok: false;
  readonly reason: RefusalReason;
  /** For people; names the picture. */
  readonly message: string;
  /** Which of the pictures given, from 0. */
  readonly input: number;
  readonly picture: Size;
  /** What was found, the largest first. */
  readonly faces: readonly LocatedFace[];
}

/** An answer, or the reason why there is none. */
export type Answer<T> = ({ readonly ok: true } & T) | Refusal;

/** What `locate` found; no face at all is an empty list here, and no refusal. */
export interface Located {
  readonly picture: Size;
  /** The largest first. */
  readonly faces: readonly (LocatedFace & {
    readonly eyeDistance: number;
    readonly sharpness: number;
    /** Why this face would be refused, or null. */
    readonly unfit: UnfitReason | null;
    /** The aligned face of 88 x 104 as a PNG file in base64, where asked for. */
    readonly crop?: string;
  })[];
}

export interface Representation {
  readonly face: FaceUsed;
  /** The features that are compared, `dimension` numbers: original | mirror of each net. */
  readonly features: readonly number[];
  /** The binary code in hexadecimal, which neurons fire on the face as it is: 64 bytes for one net of 512 neurons. */
  readonly code: string;
  /** The aligned face of 88 x 104 as a PNG file in base64, where asked for. */
  readonly crop?: string;
}

/** Where accepting begins: scores above `value` are accepted. */
export interface DecisionThreshold {
  readonly value: number;
  /** Share of pairs of strangers accepted at it, measured on people the net did not learn from; null: not calibrated. */
  readonly falseAcceptRate: number | null;
  /** Share of pairs of one person refused at it, of the same people. */
  readonly falseRejectRate: number | null;
}

export interface Verdict {
  readonly samePerson: boolean;
  /** log p(both | one person) - log p(both | two people), in nats. */
  readonly logLikelihoodRatio: number;
  readonly threshold: DecisionThreshold;
  /** That it is one person, at even odds beforehand, 0 to 1; null: the model is not calibrated. */
  readonly probability: number | null;
  readonly cosine: number;
  /** Of the codes. */
  readonly hamming: { readonly distance: number; readonly bits: number };
  readonly faces: readonly [FaceUsed, FaceUsed];
  /** Both faces with the activation patterns of their FC-4 neurons (the paper's Figure 1, left), an SVG file, where asked for. */
  readonly figure?: string;
}

/** One attribute of a face, as read from the neurons. */
export interface AttributeReading {
  /** "Male", "Eyeglasses", ... */
  readonly name: string;
  /** By all neurons: present or not, and the probability at even odds. */
  readonly present: boolean;
  readonly probability: number;
  /** Share of held-out faces read rightly, both classes weighing the same. */
  readonly accuracy: number;
  /** By the one neuron that tells it best. */
  readonly neuron: {
    readonly present: boolean;
    /** Column of the features. */
    readonly index: number;
    readonly activation: number;
    readonly threshold: number;
    readonly accuracy: number;
  };
}

export interface Analysis {
  readonly face: FaceUsed;
  readonly attributes: readonly AttributeReading[];
  /** People the accuracies were measured on. */
  readonly measuredOn: { readonly source: string; readonly people: number; readonly pictures: number };
}

/** A person of the gallery. */
export interface PersonRef {
  readonly id: number;
  readonly name: string;
}

/** A person of the gallery beside a face. */
export interface Candidate {
  readonly person: PersonRef;
  /** Of the person's faces, the one with the nearest code. */
  readonly faceId: number;
  /** Faces of the person; the likelihood ratio is of all of them together. */
  readonly faces: number;
  readonly logLikelihoodRatio: number;
  readonly probability: number | null;
  readonly hammingDistance: number;
}

export interface Recognition {
  readonly face: FaceUsed;
  /** Who it is, or null: nobody of the gallery clears the threshold. */
  readonly person: PersonRef | null;
  readonly threshold: DecisionThreshold;
  /** People searched: those of the gallery, or those with a face that meets the filter. */
  readonly people: number;
  /** Share of strangers who would be taken for somebody here, as if the comparisons were independent; null: not calibrated. */
  readonly strangersAccepted: number | null;
  /** The most likely people first, also below the threshold. */
  readonly candidates: readonly Candidate[];
}

export interface SearchHit {
  readonly faceId: number;
  readonly person: PersonRef;
  readonly hammingDistance: number;
  readonly logLikelihoodRatio: number | null;
}

export interface SearchResult {
  readonly face: FaceUsed;
  /** Faces searched. */
  readonly faces: number;
  /** The nearest by Hamming distance, in order of likelihood ratio where there is one. */
  readonly hits: readonly SearchHit[];
}

/** Several faces of one person, added together. */
export interface Registrations {
  readonly person: PersonRef;
  /** In the order of the pictures. */
  readonly added: readonly { readonly face: FaceUsed; readonly faceId: number }[];
  /** Faces of the person, these included. */
  readonly faces: number;
}

export interface Registration {
  readonly face: FaceUsed;
  readonly person: PersonRef;
  readonly faceId: number;
  /** Faces of the person, this one included. */
  readonly faces: number;
}
