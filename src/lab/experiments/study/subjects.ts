/** Whom a whole study is about. */
import type { AlignedFaces } from "../../../faces/data/index.ts";
import type { AttributeTable } from "../../../matching/features/index.ts";

/** Faces, and what is known of them. */
export interface StudySubjects {
  readonly faces: AlignedFaces;
  /** Without them only people are asked about. */
  readonly attributes?: AttributeTable;
  /** Where the faces come from, for pages and results; names no folder of this machine. */
  readonly description: string;
}
