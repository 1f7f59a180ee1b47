/** The recognizer: one warm instance that turns photos into answers. */

import type { AlignedFaces, FaceSource } from "../../faces/data/index.ts";
import type { FaceLocator } from "../../faces/locate/index.ts";
import type { SessionOptions } from "../../math/session/index.ts";
import type {
  Analysis,
  Answer,
  DecisionChoice,
  FaceInput,
  Located,
  ModelAbout,
  Photo,
  PictureLimits,
  Recognition,
  Recognitions,
  Registration,
  Registrations,
  Representation,
  SearchResult,
  VerifyResult,
} from "../answers/index.ts";
import type { Fields, Filter, Gallery, GalleryModel, PersonKey, Receipt } from "../gallery/index.ts";
import type { ClusterGalleryOptions, GalleryGroups } from "./clusterGallery.ts";
import type { ClusterPhotosOptions, PhotoGroups } from "./clusterPhotos.ts";
import type { Photos } from "./eachPhoto.ts";
import type { ExtractFolderOptions, FolderFeatures } from "./extractFolder.ts";
import type { FacesOnOptions, PhotoFaces } from "./facesOn.ts";
import type { FolderRegistration, PicturesOptions, RegisterFolderOptions } from "./registerFolder.ts";

/** What a recognizer is made of. */
export interface RecognizerOptions extends Pick<SessionOptions, "provider" | "threads"> {
  /** A model, or a system of several nets: by name ("whole-face-taught", the default, or "regions"), or its folder. */
  readonly model?: string;
  /**
   * What finds faces: the default detector where nothing is said; the path of a YuNet ONNX file; one of your own, which is not
   * released with the recognizer; or null for none, when only aligned pictures and pictures with landmarks get answers.
   */
  readonly locator?: FaceLocator | string | null;
  /** Whether photos are to come at once, so that the detector is loaded beside the model and not after it (default false). */
  readonly photosFollow?: boolean;
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
export interface RecognizerAbout extends ModelAbout {
  /** The attributes that `analyze` reads; empty where the model has none. */
  readonly attributes: readonly string[];
  readonly locator: string | null;
}

/**
 * Photos in, answers out. A picture without the one face that is needed gets a Refusal as its answer. Throws DataError
 * for bytes that are no picture or break a limit, InputError for a wrong request. Calls may overlap.
 */
export interface Recognizer extends AsyncDisposable {
  readonly about: RecognizerAbout;
  /** Every face of a picture, with what its quality is. */
  locate(photo: Photo | FaceInput, options?: { crops?: boolean; signal?: AbortSignal }): Promise<Located>;
  /** Features and binary code of the face. */
  represent(
    photo: Photo | FaceInput,
    options?: { crop?: boolean; signal?: AbortSignal },
  ): Promise<Answer<Representation>>;
  /** One person or two? */
  verify(
    a: Photo | FaceInput,
    b: Photo | FaceInput,
    options?: DecisionOptions & { figure?: boolean },
  ): Promise<Answer<VerifyResult>>;
  /** Attributes of the face; InputError where the model has none (see `about.attributes`). */
  analyze(photo: Photo | FaceInput, options?: AnalyzeOptions): Promise<Answer<Analysis>>;
  /** Who of the gallery is it, or nobody? This and what follows throws InputError where there is no gallery. */
  identify(photo: Photo | FaceInput, options?: IdentifyOptions): Promise<Answer<Recognition>>;
  /** The same of every face of the picture; no face at all is an empty list here, and no refusal. */
  identifyAll(photo: Photo | FaceInput, options?: IdentifyOptions): Promise<Recognitions>;
  /** The gallery's faces that are most like it. */
  search(photo: Photo | FaceInput, options?: SearchOptions): Promise<Answer<SearchResult>>;
  /** Adds the face to the person called `person`, who is made if new. */
  register(
    photo: Photo | FaceInput,
    person: string,
    options?: RegisterOptions,
  ): Promise<Answer<Registration>>;
  /** Adds the faces of several pictures of one person, all of them or none: the first refusal is the answer. */
  registerAll(
    photos: readonly (Photo | FaceInput)[],
    person: string,
    options?: RegisterOptions,
  ): Promise<Answer<Registrations>>;
  /**
   * Registers the pictures of a folder or archive of people, `person/photo.jpg`, each under its person; faces are found and
   * aligned. Pictures that are in the gallery already stay as they are, so that it resumes where it was stopped; what cannot be used
   * is skipped and named.
   */
  registerFolder(folder: string, options?: RegisterFolderOptions): Promise<FolderRegistration>;
  /**
   * Registers groups that have got names: `table` is the path of a CSV file (see `groupsTable`) whose column `name` is filled in,
   * `photos` are those that were grouped. Faces that are in the gallery already stay as they are.
   */
  registerGroups(photos: Photos, table: string, options?: PicturesOptions): Promise<FolderRegistration>;
  /** The same as `registerFolder` for a data set that is open: see `openPeople` and `openAlignedFaces`. */
  registerPictures(
    pictures: FaceSource | AlignedFaces,
    options?: PicturesOptions,
  ): Promise<FolderRegistration>;
  /**
   * Features of a folder or archive of people, `person/photo.jpg`, a row for each picture, whose face is found and aligned; what
   * cannot be used is skipped and named. DataError where nothing can be used.
   */
  extract(folder: string, options?: ExtractFolderOptions): Promise<FolderFeatures>;
  /**
   * Who is on these photos, of nobody knows whom: every face found, and those of one person together (two faces of one photo
   * never are). What cannot be used is skipped and named. No gallery is needed; `registerAll(group, name)` puts a group into one.
   */
  cluster(photos: Photos, options?: ClusterPhotosOptions): Promise<PhotoGroups>;
  /**
   * Who is among the faces of the gallery, or those of one person whose name stands for unknown people: those of one person together.
   * Nothing is changed; `nameGroups` gives them names.
   */
  clusterGallery(options?: ClusterGalleryOptions): Promise<GalleryGroups>;
  /**
   * Gives faces to the people they show: `table` is the path of a CSV file (see `galleryGroupsTable`) whose column `name` is filled in.
   * Faces that were given to somebody else meanwhile are skipped and named.
   */
  nameGroups(table: string): Promise<FolderRegistration>;
  /** Every face on these photos with its features: for maps and statistics of one's own. What cannot be used is skipped and named. */
  facesOn(photos: Photos, options?: FacesOnOptions): Promise<PhotoFaces>;
  /** Erases a person, by name or id, or one face; the receipt says what is gone. */
  remove(what: { readonly person: PersonKey } | { readonly face: number }): Promise<Receipt>;
  /** The gallery itself: people, faces, renaming, merging. */
  readonly gallery: Gallery | undefined;
  release(): Promise<void>;
}
