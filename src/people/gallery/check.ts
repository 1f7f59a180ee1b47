/** What every store checks alike before it touches its record. */
import { InputError } from "../../base/errors/index.ts";
import { nameKey, personName } from "../../base/names/index.ts";
import { checkedFields, checkedFilter, type Filter } from "./filter.ts";
import { hashIn } from "./projection.ts";
import {
  type NewFace,
  type Page,
  type PersonKey,
  type ReceiptPage,
  STORE_LIMITS,
  type StoreSettings,
} from "./store.ts";

const SETTINGS = {
  model: "the model",
  codeBytes: "the bytes of a code",
  dimension: "the length of vectors",
  keyCheck: "the key",
} as const satisfies Record<keyof StoreSettings, string>;

export function checkSettings({ model, codeBytes, dimension }: StoreSettings): void {
  if (!(model.length >= 1)) throw new InputError("gallery: its model must have a name, got none");
  if (!(Number.isInteger(codeBytes) && codeBytes >= 4 && codeBytes % 4 === 0 && codeBytes <= 65536)) {
    throw new InputError(`gallery: codeBytes must be a multiple of 4 up to 65536, got ${codeBytes}`);
  }
  if (!(Number.isInteger(dimension) && dimension >= 0)) {
    throw new InputError(`gallery: dimension must be 0 or more, got ${dimension}`);
  }
}

/** What an opener takes in place of what it would make. */
export interface AlsoTaken {
  /** A gallery of codes alone. */
  readonly codesAlone?: boolean;
  /** One with these settings. */
  readonly earlier?: StoreSettings;
}

/** Refuses a gallery that was made for something else. */
export function checkSame(
  place: string,
  found: StoreSettings,
  asked: StoreSettings,
  { codesAlone = false, earlier }: AlsoTaken = {},
): void {
  const wanted = found.model === earlier?.model ? earlier : asked;
  for (const key of Object.keys(SETTINGS) as (keyof StoreSettings)[]) {
    if (found[key] === wanted[key]) continue;
    if (key === "dimension" && codesAlone && found.dimension === 0) continue;
    const [was, is] = [found[key], wanted[key]].map((value) => (value === "" ? "none" : value));
    const other = key === "model" ? otherModel(found, wanted) : `another setting of ${SETTINGS[key]}`;
    throw new InputError(`${place}: this gallery was made with ${other}: it needs ${was}, got ${is}`);
  }
}

/** The same nets and matcher with codes of another kind, or others. */
const otherModel = (found: StoreSettings, wanted: StoreSettings): string =>
  hashIn(found.model) === hashIn(wanted.model)
    ? "codes of another kind (`deepid gallery change-model` renews an older gallery's)"
    : "another model, which --model has to name";

/** A person's name as it is kept. */
export const checkedName = (name: string): string => personName(name, "gallery");

/** A person as the store knows them: a name in the form that names are kept in. */
export const keyOf = (who: PersonKey): PersonKey => (typeof who === "string" ? nameKey(who) : who);

/** The faces as they are kept: names and texts of fields in NFC. */
export function checkedFaces<F extends NewFace>(faces: readonly F[], { codeBytes }: StoreSettings): F[] {
  return faces.map((face) => {
    checkCode(face.code, codeBytes);
    const person = checkedName(face.person);
    return face.fields ? { ...face, person, fields: checkedFields(face.fields) } : { ...face, person };
  });
}

/** The filter as fields are compared. */
export function checkNearest(
  code: Uint8Array,
  k: number,
  filter: Filter,
  { codeBytes }: StoreSettings,
): Filter {
  checkCode(code, codeBytes);
  checkCount("k", k, STORE_LIMITS.nearest);
  return checkedFilter(filter);
}

/** The page wanted, whole. */
export function checkPage({ after = "", limit = STORE_LIMITS.page }: Page): Required<Page> {
  checkCount("limit", limit, STORE_LIMITS.page);
  return { after: nameKey(after), limit };
}

/** The page of receipts wanted, whole. */
export function checkReceiptPage(page: ReceiptPage = {}): Required<ReceiptPage> {
  const { before = Number.MAX_SAFE_INTEGER, limit = STORE_LIMITS.page } = page;
  checkCount("before", before, Number.MAX_SAFE_INTEGER);
  checkCount("limit", limit, STORE_LIMITS.page);
  return { before, limit };
}

export const keyChanged = (place: string) =>
  new InputError(`${place}: the key of this gallery was changed meanwhile; open it anew, with the new key`);

function checkCount(name: string, value: number, most: number): void {
  if (!(Number.isInteger(value) && value >= 1 && value <= most)) {
    throw new InputError(`gallery: ${name} must be from 1 to ${most}, got ${value}`);
  }
}

function checkCode(code: Uint8Array, codeBytes: number): void {
  if (!(code.length === codeBytes)) {
    throw new InputError(`gallery: codes have ${codeBytes} bytes here, got ${code.length}`);
  }
}

/** What is said where a person or face is asked for that is not there. */
export const unknownPerson = (who: PersonKey) =>
  new InputError(`gallery: there is no ${typeof who === "number" ? `person ${who}` : JSON.stringify(who)}`);
export const unknownFace = (face: number) => new InputError(`gallery: there is no face ${face}`);
export const nameTaken = (name: string) =>
  new InputError(`gallery: there is a ${JSON.stringify(name)} already; merge the two if they are one person`);

export function checkMerge(name: string, from: number, into: number): void {
  if (from === into) throw new InputError(`gallery: ${JSON.stringify(name)} cannot be merged into itself`);
}
export const emptyGallery = (place: string) =>
  new InputError(`${place}: there is no gallery here; registering faces makes one`);
