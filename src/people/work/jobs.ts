/** What a worker can be given to do. */
import { randomUUID } from "node:crypto";

/** The jobs that are added together. */
export interface Batch {
  readonly id: string;
  /** Pictures, or faces, of all its jobs. */
  readonly pictures: number;
}

export const newBatch = (pictures: number): Batch => ({ id: randomUUID(), pictures });

interface InBatch {
  /** Missing in queues of before there were batches. */
  readonly batch?: Batch;
}

/** Some pictures of a folder or zip archive that every worker reaches under the same path. */
export interface ImportJob extends InBatch {
  readonly kind?: "import";
  readonly images: string;
  /** `person/photo`, as the source names them. */
  readonly pictures: readonly string[];
  readonly aligned?: boolean;
  readonly landmarks?: string;
  readonly thumbnail?: boolean;
}

/** The model that a gallery is to have, as every worker opens it, and as its files must be. */
interface ForModel extends InBatch {
  readonly name: string;
  readonly model: string;
}

/** Faces of the gallery, by id, whose pictures are extracted for its next model. */
export interface ExtractJob extends ForModel {
  readonly kind: "extract";
  readonly from: number;
  readonly to: number;
  /** How many there were when the job was made. */
  readonly faces: number;
}

/** When all are extracted: the gallery changes over. */
export interface ChangeOverJob extends ForModel {
  readonly kind: "change over";
}

/** Photos whose faces are grouped by person; the table of groups goes to a file. */
export interface ClusterJob extends InBatch {
  readonly kind: "cluster";
  readonly photos: string;
  readonly out: string;
  /** Photos, when the job was made. */
  readonly faces: number;
}

/** Faces of the gallery that are grouped by person; the table of groups goes to a file. */
export interface GroupJob extends InBatch {
  readonly kind: "group";
  /** Whose faces; undefined: all. */
  readonly person?: string;
  readonly out: string;
  /** Faces, when the job was made. */
  readonly faces: number;
}

export type Job = ImportJob | ExtractJob | ChangeOverJob | ClusterJob | GroupJob;

/** What came of a job. */
export interface Outcome {
  /** Pictures that were added by this try, and those that were there before. */
  readonly added?: number;
  readonly known?: number;
  /** Faces that were extracted for the next model. */
  readonly extracted?: number;
  /** What came to nothing. */
  readonly passedOver: readonly { readonly file: string; readonly reason: string }[];
  /** The job was cut: its pictures are in jobs of their own now. */
  readonly cut?: true;
  /** What else is to be said. */
  readonly note?: string;
}
