/** The recognizer: one warm instance that turns photos into answers. */
import type { FaceLocator } from "../locate/index.ts";
import type {
  Analysis,
  Answer,
  FaceInput,
  Located,
  Recognition,
  Registration,
  Representation,
  SearchResult,
  Verdict,
} from "./answers.ts";

/** What a recognizer is made of. */
export interface RecognizerOptions {
  /** Folder of a model, or of a system of several nets. */
  readonly model: string;
  /** What finds faces; without it only aligned pictures and pictures with landmarks can be answered. It is not released with the recognizer. */
  readonly locator?: FaceLocator;
  /** Threads of one operator (default: all cores). */
  readonly threads?: number;
  /** What pictures may be. */
  readonly limits?: Partial<PictureLimits>;
}

export interface PictureLimits {
  readonly maxBytes: number;
  readonly maxPixels: number;
  /** For finding the faces of one picture. */
  readonly timeoutMs: number;
  /** Pixels between the eyes, at least. */
  readonly minEyeDistance: number;
  /** Sharpness of the aligned face, at least. */
  readonly minSharpness: number;
}

/** How often strangers may be accepted; the model's calibration turns it into a threshold. */
export interface DecisionOptions {
  /** In (0, 1); default 0.001. */
  readonly falseAcceptRate?: number;
  readonly signal?: AbortSignal;
}

export interface IdentifyOptions extends DecisionOptions {
  /** Candidates listed (default 5). */
  readonly top?: number;
}

export interface SearchOptions {
  /** Hits listed (default 10). */
  readonly top?: number;
  readonly signal?: AbortSignal;
}

/** What a recognizer is, for health pages and the headers of results. */
export interface RecognizerAbout {
  readonly model: string;
  readonly licence: string;
  /** Region names of its nets. */
  readonly nets: readonly string[];
  readonly dimension: number;
  readonly codeBits: number;
  readonly calibrated: boolean;
  /** The attributes that `analyze` reads; empty where the model has none. */
  readonly attributes: readonly string[];
  readonly locator: string | null;
  /** Names the model's files: features of equal fingerprints compare. */
  readonly fingerprint: string;
}

/**
 * Photos in, answers out. A picture without the one face that is needed gets a Refusal as its answer. Throws DataError
 * for bytes that are no picture or break a limit, InputError for a wrong request. Calls may overlap.
 */
export interface Recognizer extends AsyncDisposable {
  readonly about: RecognizerAbout;
  /** Every face of a picture, with what its quality is. */
  locate(input: FaceInput, options?: { signal?: AbortSignal }): Promise<Located>;
  /** Features and binary code of the face. */
  represent(
    input: FaceInput,
    options?: { crop?: boolean; signal?: AbortSignal },
  ): Promise<Answer<Representation>>;
  /** One person or two? */
  verify(
    a: FaceInput,
    b: FaceInput,
    options?: DecisionOptions & { figure?: boolean },
  ): Promise<Answer<Verdict>>;
  /** Attributes of the face; InputError where the model has none (see `about.attributes`). */
  analyze(input: FaceInput, options?: { signal?: AbortSignal }): Promise<Answer<Analysis>>;
  release(): Promise<void>;
}

/** A recognizer with a gallery of known people. */
export interface GalleryRecognizer extends Recognizer {
  /** Who of the gallery is it, or nobody? */
  identify(input: FaceInput, options?: IdentifyOptions): Promise<Answer<Recognition>>;
  /** The gallery's faces whose codes are nearest. */
  search(input: FaceInput, options?: SearchOptions): Promise<Answer<SearchResult>>;
  /** Adds the face to a person of the gallery, by id, or to a new one by name. */
  register(
    input: FaceInput,
    person: { readonly id?: string; readonly name?: string },
    options?: { signal?: AbortSignal },
  ): Promise<Answer<Registration>>;
}
