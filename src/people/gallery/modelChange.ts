/**
 * A change of model without a stop. Codes and vectors of the next model are kept beside those of the present one, filled in
 * from the aligned pictures that faces have, and take their place in one moment. Until then the present ones are searched;
 * faces that come meanwhile need a picture too; faces that go take both with them.
 */
import { InputError } from "../../base/errors/index.ts";
import { type Checksums, thumbnailProblem } from "./checksums.ts";

/** What a gallery is going to be made for. */
export interface NextModel {
  /** As in the settings of a store. */
  readonly model: string;
  readonly codeBytes: number;
  readonly dimension: number;
  /** What every process opens it by: the name of a model, or its folder. */
  readonly name: string;
  /** Whether faces that cannot be extracted anew are erased at the changeover; else there is none while there are any. */
  readonly leaveOut: boolean;
}

/** A face that lacks its code of the next model. */
export interface LackingFace {
  readonly id: number;
  /** Its present one, which a sealed picture is opened with. */
  readonly code: Uint8Array;
  /** Its aligned picture, sealed or open. */
  readonly thumbnail: Uint8Array;
  /** Why neither can be believed, where they were altered. */
  readonly damaged?: string;
}

/** What is kept of a face for the next model. */
export interface NextFace {
  readonly id: number;
  readonly code: Uint8Array;
  /** Sealed or open, as the gallery is. */
  readonly vector?: Uint8Array;
  /** In an encrypted gallery: the same picture, sealed with the next code. */
  readonly thumbnail?: Uint8Array;
}

/** Faces without a picture, which the next model cannot be shown. */
export interface WithoutPicture {
  readonly faces: number;
  /** The first of them, by id. */
  readonly listed: readonly { readonly face: number; readonly person: string }[];
}

/** How far a change of model is. */
export interface ChangeStatus {
  readonly next: NextModel;
  /** Faces that lack their code of the next model, and all. */
  readonly lacking: number;
  readonly faces: number;
}

export interface ChangedOver {
  /** In the gallery now. */
  readonly faces: number;
  /** Faces that were erased, as they could not be extracted anew. */
  readonly erased: number;
}

/** Faces by id from the first to before the second, at most so many of them. */
export interface LackingRange {
  readonly from?: number;
  readonly to?: number;
  readonly limit: number;
}

/** What a store can do that changes its model. */
export interface ModelChange {
  withoutPicture(limit: number): Promise<WithoutPicture>;
  /** Begins a change, or goes on with the one that was begun for the same model. InputError where another is under way. */
  begin(next: NextModel): Promise<void>;
  /** The change that is under way. */
  status(): Promise<ChangeStatus | undefined>;
  /** Faces that lack their code of the next model and have a picture, by id. */
  lacking(range: LackingRange): Promise<LackingFace[]>;
  /** The last id among so many faces from `from` on: where to cut; undefined where there is no face. */
  lastOf(from: number, faces: number): Promise<number | undefined>;
  /** Keeps codes of the model `model`; of faces that are there, and where that change is still under way. */
  keep(model: string, faces: readonly NextFace[]): Promise<void>;
  /**
   * Changes over, in one moment. `failed` are faces by id whose pictures are of no use. Undefined, and nothing happens, where
   * a face lacks its code that is not among them. InputError where faces would be lost and the change does not say that they may.
   */
  changeOver(model: string, failed: readonly number[]): Promise<ChangedOver | undefined>;
  /** Forgets what was kept for the next model. */
  cancel(): Promise<void>;
}

/** The gallery has another model than the one that it was opened for: whatever is known of its codes is of no use. */
export class ModelChanged extends InputError {
  /** What the new model is opened by. */
  readonly named: string;

  constructor(place: string, named: string) {
    super(
      `${place}: this gallery has changed over to another model, ${JSON.stringify(named)}: open it anew with that`,
    );
    this.named = named;
  }
}

export const anotherChange = (place: string, { name }: NextModel) =>
  new InputError(
    `${place}: a change to the model ${JSON.stringify(name)} is under way; finish it, or cancel it (deepid gallery change-model --cancel)`,
  );

/** The checksums of a store, which every change needs. InputError where they need a key that was not given. */
export function checksumsFor(place: string, checksums: Checksums | undefined): Checksums {
  if (checksums) return checksums;
  throw new InputError(`${place}: this gallery is encrypted; to change its model, its key is needed`);
}

/** InputError where a gallery of the model `present`, with perhaps a change `under` way, cannot begin one to `next`. */
export function checkBegin(
  place: string,
  { present, under }: { readonly present: string | undefined; readonly under: NextModel | undefined },
  next: NextModel,
): void {
  if (present === next.model) throw new InputError(`${place}: it has this model already`);
  if (under && under.model !== next.model) throw anotherChange(place, under);
}

/**
 * Of the faces that are `lacking` their code of `next`, and may have a picture, those that are lost with the changeover. Undefined where
 * it has to wait: a picture is not among those that have `failed`. InputError where faces would be lost that must not be.
 */
export function lostWith(
  place: string,
  next: NextModel,
  lacking: readonly { readonly id: number; readonly pictured: boolean }[],
  failed: readonly number[],
): number[] | undefined {
  const useless = new Set(failed);
  if (lacking.some(({ id, pictured }) => pictured && !useless.has(id))) return undefined;
  const lost = lacking.map(({ id }) => id);
  if (lost.length > 0 && !next.leaveOut) throw wouldBeLost(place, lost);
  return lost;
}

/** The settings of a gallery that has changed over. */
export const settingsAfter = ({ model, codeBytes, dimension, name }: NextModel): [string, string][] =>
  Object.entries({ model, codeBytes, dimension, modelName: name }).map(([setting, value]) => [
    setting,
    String(value),
  ]);

/** A face that lacks its code, with why its code or its picture cannot be believed. */
export function lackingFace(
  { id, code, damaged }: Pick<LackingFace, "id" | "code" | "damaged">,
  { thumbnail, checksum }: { readonly thumbnail: Uint8Array; readonly checksum: Uint8Array | null },
  sums: Checksums,
): LackingFace {
  const reason = damaged ?? thumbnailProblem(id, thumbnail, checksum, sums);
  return { id, code, thumbnail, ...(reason !== undefined && { damaged: reason }) };
}

export const noChange = (place: string) =>
  new InputError(`${place}: no change to this model is under way; it was cancelled, or is done`);

export const needsPicture = (place: string, { name }: NextModel) =>
  new InputError(
    `${place}: a change to the model ${JSON.stringify(name)} is under way: until it is done, a new face needs its aligned picture ` +
      "(--thumbnail), got none",
  );

const wouldBeLost = (place: string, faces: readonly number[]) =>
  new InputError(
    `${place}: ${faces.length} faces cannot be extracted for the next model, as they have no picture that can be used ` +
      `(faces ${faces.slice(0, 10).join(", ")}${faces.length > 10 ? ", ..." : ""}): remove them, or begin the change with --leave-out`,
  );
