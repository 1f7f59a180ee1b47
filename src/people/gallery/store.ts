/**
 * What keeps a gallery: people, their faces, and the search for the nearest codes. Stores know bytes only; what codes
 * and vectors mean is the Gallery's business. test/support/storeSuite.ts says what every store must do.
 */
import { NAME_LENGTH } from "../../base/names/index.ts";
import type { Fields, Filter } from "./filter.ts";
import type { ModelChange } from "./modelChange.ts";

/** What a store is made for; fixed when it is made. */
export interface StoreSettings {
  /** Names the model that codes and vectors come from, a hash as a rule. */
  readonly model: string;
  /** Bytes of a code, a multiple of 4: 64 for the 512 bits of one net. */
  readonly codeBytes: number;
  /** Numbers in a vector; 0 where faces are kept as codes only. */
  readonly dimension: number;
  /** What the key of an encrypted gallery is recognised by; empty where vectors and thumbnails lie open. */
  readonly keyCheck: string;
}

export interface Person {
  readonly id: number;
  /** Names differ; they are what people are called by. */
  readonly name: string;
  readonly faces: number;
}

/** A person by name, or by id. */
export type PersonKey = string | number;

/** A face to be kept. */
export interface NewFace {
  readonly person: string;
  /** [codeBytes] */
  readonly code: Uint8Array;
  /** The vector as bytes, sealed or open. */
  readonly vector?: Uint8Array;
  readonly thumbnail?: Uint8Array;
  readonly fields?: Fields;
}

/** A face that is kept. */
export interface StoredFace {
  /** Rises in the order in which faces are added, and is never given twice. */
  readonly id: number;
  readonly person: number;
  readonly code: Uint8Array;
  readonly vector?: Uint8Array;
  readonly fields: Fields;
  /** What is wrong with it, where it is not as it was written: it can then neither be compared nor believed. */
  readonly damaged?: string;
}

/** A face out of a damaged gallery. */
export interface SalvagedFace extends StoredFace {
  readonly name: string;
  readonly thumbnail?: Uint8Array;
}

/** When a face counts as there already: some face has the same value in a field, or `nth` faces are alike. */
export type Sameness =
  | { readonly field: string }
  /** For each face, how many faces with its code, vector and fields there are up to and with it: 1 for the first. */
  | { readonly nth: readonly number[] };

/** Something in a gallery that is not as it was written. */
export interface Damage {
  /** The face or person by id; neither where the file itself is damaged. */
  readonly face?: number;
  readonly person?: number;
  /** Their name, as far as it can be read. */
  readonly name?: string;
  readonly reason: string;
}

/** What looking through a whole gallery has found. */
export interface CheckResult {
  readonly people: number;
  readonly faces: number;
  /** Whether every row has a checksum that was compared; with "keyed" nobody without the key can have made it. */
  readonly checksums: "keyed" | "plain" | "none" | "not compared: they need the key";
  readonly damage: readonly Damage[];
}

/** A face found by its code. */
export interface Hit {
  readonly face: number;
  readonly person: { readonly id: number; readonly name: string };
  /** Bits in which the codes differ. */
  readonly distance: number;
}

/** A removal as the record keeps it: its receipt, without a name. */
export interface KeptRemoval {
  /** Number of the receipt. */
  readonly receipt: number;
  /** When it was erased, by the store's clock. */
  readonly time: string;
  /** The person by id. */
  readonly personId: number;
  /** Whether the person is gone too: their last face was removed. */
  readonly personRemoved: boolean;
  readonly faces: readonly number[];
  readonly codes: number;
  readonly vectors: number;
  readonly thumbnails: number;
  /** Sentences, each a check that was passed. */
  readonly checks: readonly string[];
  /** Sentences, each what has to happen yet before nothing is left; empty as a rule. */
  readonly pending: readonly string[];
}

/** What a removal has taken away, and how that was checked. */
export interface Removal extends KeptRemoval {
  readonly person: string;
}

export interface ReceiptPage {
  /** Receipts before this one. */
  readonly before?: number;
  readonly limit?: number;
}

/** How many faces were sealed anew, and how many of them and of people could not be, as they were altered before. */
export interface Rekeyed {
  readonly faces: number;
  readonly damaged: number;
  /** Sentences, each what has to happen yet before nothing is left that the old key opens; empty as a rule. */
  readonly pending: readonly string[];
}

export interface RekeyOptions {
  /** Told of each face and person that was altered before, and stays as it is. */
  readonly onDamage: (damage: Damage) => void;
  /** Gives up, and leaves everything as it was. */
  readonly signal?: AbortSignal;
}

/** How much of a gallery that lies on a server a process may hold in its own memory, to search it there. */
export interface MemoryOptions {
  /** Most bytes, for codes and what they need beside them: 76 for a code of 64. More faces than that are searched in SQL. */
  readonly bytes: number;
  /** Whether searches wait until codes are read (the default), or go to the servers until then. */
  readonly wait?: boolean;
  /** Partitions by number; default: all. The others are searched where they lie. */
  readonly partitions?: readonly number[];
}

/** What a process holds of a gallery on a server. */
export interface HeldStatus {
  /** Memory is searched while it is "held"; else the server is. */
  readonly state:
    | "not read yet"
    | "being read"
    | "held"
    | "being compared"
    | "too large"
    | "of another model";
  readonly codes: number;
  readonly bytes: number;
  readonly limit: number;
  /** By number. */
  readonly partitions: readonly number[];
  /** Stretches in which memory was not what the record was, and was read anew: 0 unless somebody wrote past this program. */
  readonly repaired: number;
  /** Whether the server tells of changes as they come; each search asks for them besides. */
  readonly hears: boolean;
}

export interface Page {
  /** Names after this one. */
  readonly after?: string;
  readonly limit?: number;
}

/** Most results of one search, and people of one page. */
export const STORE_LIMITS = { nearest: 10_000, page: 10_000, nameLength: NAME_LENGTH } as const;

/** All that changes is durable when the promise resolves, and done wholly or not at all. */
export interface GalleryStore {
  /** "memory", "sqlite" or "postgres". */
  readonly kind: string;
  /** Where the gallery is, fit to be shown: without a password. */
  readonly place: string;
  readonly settings: StoreSettings;
  /** People and faces; of those faces alone that meet `filter`, and the people who have one. */
  count(filter?: Filter): Promise<{ people: number; faces: number }>;
  /** People by name (UTF-8 bytes). */
  people(page?: Page): Promise<Person[]>;
  /** Undefined for a stranger. */
  person(who: PersonKey): Promise<Person | undefined>;
  /** All faces of the given people, by id. */
  facesOf(people: readonly number[]): Promise<StoredFace[]>;
  /** The given faces, by id; those that are not there are left out. */
  faces(ids: readonly number[]): Promise<StoredFace[]>;
  /** Those of `values` that some face has in its field `field`, in any order. */
  valuesThere(field: string, values: readonly string[]): Promise<string[]>;
  /** The thumbnail of a face and its code, which a sealed thumbnail is opened with. */
  thumbnail(face: number): Promise<{ bytes: Uint8Array; code: Uint8Array } | undefined>;
  /** Keeps faces, making people as they are named; their ids in the same order. */
  add(faces: readonly NewFace[]): Promise<number[]>;
  /**
   * Keeps those faces that are not there already, see Sameness; how many. Whoever else adds at the same time, each is
   * kept once.
   */
  addMissing(faces: readonly NewFace[], sameness: Sameness): Promise<number>;
  /** Looks through everything that is kept; stops at once when `signal` is aborted. */
  check(signal?: AbortSignal): Promise<CheckResult>;
  /**
   * Every face that can be read, in the order of their persons' names as far as these can be read, with its thumbnail
   * and its person's name; `onDamage` is told of those that cannot, and of people who are called by a number here
   * because their name is lost.
   */
  salvage(onDamage: (damage: Damage) => void): AsyncGenerator<SalvagedFace>;
  /** A name that is taken is refused: merging is another act. */
  rename(who: PersonKey, to: string): Promise<void>;
  /** Gives the faces of `who` to `into`, and forgets `who`; the number of faces. */
  merge(who: PersonKey, into: PersonKey): Promise<number>;
  /** Gives one face to the person called `to`, who is made if new, and forgets whose last face it was; the person. */
  moveFace(face: number, to: string): Promise<Person>;
  /**
   * The receipt is made and kept with the removal; what then cannot be checked is pending, and no failure. Removals are
   * made one after the other.
   */
  removePerson(who: PersonKey): Promise<Removal>;
  /** Removes one face, and its person if it was the last. */
  removeFace(face: number): Promise<Removal>;
  /**
   * The `k` faces nearest to `code` of those that meet `filter`, by distance, then id. Exact.
   */
  nearest(code: Uint8Array, k: number, filter?: Filter): Promise<Hit[]>;
  /** Reads into memory what searches need; else the first search does, and whoever only lists people never. */
  load(): Promise<void>;
  /** What is held in memory of a gallery on a server; undefined where nothing may be. */
  held?(): HeldStatus | undefined;
  /** Receipts of removals, the newest first. */
  receipts(page?: ReceiptPage): Promise<KeptRemoval[]>;
  /** One receipt by its number. */
  receipt(id: number): Promise<KeptRemoval | undefined>;
  /**
   * Seals everything with another key (none: nothing is encrypted any more), all of it or nothing: nothing, too, when
   * `signal` is aborted. Whoever has the gallery open can change nothing until they open it anew.
   */
  rekey(key: Uint8Array | undefined, options: RekeyOptions): Promise<Rekeyed>;
  /** A change of model; undefined for stores that make none. */
  readonly change?: ModelChange;
  close(): Promise<void>;
}
