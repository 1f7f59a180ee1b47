/** The recognizer: one warm instance that turns photos into answers. */

import type { FaceLocator } from "../../faces/locate/index.ts";
import type { SessionOptions } from "../../math/session/index.ts";
import type {
  Analysis,
  Answer,
  DecisionChoice,
  FaceInput,
  Located,
  PictureLimits,
  Recognition,
  Registration,
  Registrations,
  Representation,
  SearchResult,
  VerifyResult,
} from "../answers/index.ts";
import type { Fields, Filter, Gallery, GalleryModel, PersonKey, Receipt } from "../gallery/index.ts";

/** What a recognizer is made of. */
export interface RecognizerOptions extends Pick<SessionOptions, "provider" | "threads"> {
  /** Folder of a model, or of a system of several nets. */
  readonly model: string;
  /** What finds faces; without it only aligned pictures and pictures with landmarks can be answered. It is not released with the recognizer. */
  readonly locator?: FaceLocator;
  /** Where the gallery of known people is (see openGallery), or what opens it. It is closed with the recognizer. */
  readonly gallery?: string | ((model: GalleryModel) => Promise<Gallery>);
  /** What pictures may be. */
  readonly limits?: Partial<PictureLimits>;
}

/** Where accepting begins; the model's calibration turns it into a threshold. */
export interface DecisionOptions extends DecisionChoice {
  readonly signal?: AbortSignal;
}

export interface IdentifyOptions {
  /** Share of strangers who may be taken for somebody of the whole gallery, in (0, 1); default 0.1. */
  readonly falseAlarmRate?: number;
  /** In its place: the share of strangers accepted in a single comparison, whatever the size of the gallery. */
  readonly falseAcceptRate?: number;
  readonly signal?: AbortSignal;
  /** Candidates listed (default 5). */
  readonly top?: number;
  /** Only faces whose fields meet it. */
  readonly filter?: Filter;
}

export interface AnalyzeOptions {
  /** Whether the answer also says what the one neuron that tells an attribute best says (default false). */
  readonly neurons?: boolean;
  readonly signal?: AbortSignal;
}

export interface SearchOptions {
  /** Hits listed (default 10). */
  readonly top?: number;
  /** Only faces whose fields meet it. */
  readonly filter?: Filter;
  readonly signal?: AbortSignal;
}

export interface RegisterOptions {
  /** Free fields of the face, for filters. */
  readonly fields?: Fields;
  /** Whether the aligned face is kept as a picture (default false: codes and numbers only). */
  readonly thumbnail?: boolean;
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
  locate(input: FaceInput, options?: { crops?: boolean; signal?: AbortSignal }): Promise<Located>;
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
  ): Promise<Answer<VerifyResult>>;
  /** Attributes of the face; InputError where the model has none (see `about.attributes`). */
  analyze(input: FaceInput, options?: AnalyzeOptions): Promise<Answer<Analysis>>;
  /** Who of the gallery is it, or nobody? This and what follows throws InputError where there is no gallery. */
  identify(input: FaceInput, options?: IdentifyOptions): Promise<Answer<Recognition>>;
  /** The gallery's faces that are most like it. */
  search(input: FaceInput, options?: SearchOptions): Promise<Answer<SearchResult>>;
  /** Adds the face to the person called `person`, who is made if new. */
  register(input: FaceInput, person: string, options?: RegisterOptions): Promise<Answer<Registration>>;
  /** Adds the faces of several pictures of one person, all of them or none: the first refusal is the answer. */
  registerAll(
    inputs: readonly FaceInput[],
    person: string,
    options?: RegisterOptions,
  ): Promise<Answer<Registrations>>;
  /** Erases a person, by name or id, or one face; the receipt says what is gone. */
  remove(what: { readonly person: PersonKey } | { readonly face: number }): Promise<Receipt>;
  /** The gallery itself: people, faces, renaming, merging. */
  readonly gallery: Gallery | undefined;
  release(): Promise<void>;
}
