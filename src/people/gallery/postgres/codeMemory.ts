/** Codes of some partitions in this process's memory, as they are read from their server. */
import { InputError } from "../../../base/errors/index.ts";
import { type CodeIndex, createCodeIndex, type OwnedCode } from "../../../matching/search/index.ts";
import type { Queries } from "./connection.ts";
import {
  type CodesOf,
  digestOf,
  digestStretch,
  type FoundFace,
  nextId,
  readFaces,
  readStretch,
  type Span,
  type Stretch,
} from "./stretches.ts";

/** What a code takes beside its bytes: its id, its person, its partition, and two marks of the kernel's. */
const BESIDE = 20;
/** Faces whose codes are read at a time when they were added. */
const BLOCK = 4_096;

/** A stretch of a partition. */
export type Held = Stretch & { readonly partition: number };

/** Each code is its person's. */
const OWNED = { owners: true };

export class CodeMemory {
  readonly of: CodesOf;
  #index: CodeIndex;

  constructor(of: CodesOf) {
    this.of = of;
    this.#index = createCodeIndex(of.codeBytes, OWNED);
  }

  /** Codes that can be found. */
  get size(): number {
    return this.#index.size;
  }

  /** Codes whose room would be won by reading all anew. */
  get wasted(): number {
    return this.#index.wasted;
  }

  get lastId(): number {
    return this.#index.lastId;
  }

  get bytes(): number {
    return (this.size + this.wasted) * (this.of.codeBytes + BESIDE);
  }

  nearest(code: Uint8Array, k: number): Promise<OwnedCode[]> {
    return this.#index.nearest(code, k);
  }

  /** Takes up changes of faces in `partitions`; the codes of those that were added are asked of `db`. */
  async change(
    db: Queries,
    { added, removed }: { readonly added: readonly number[]; readonly removed: readonly number[] },
    partitions: readonly number[],
  ): Promise<void> {
    const gone = new Set(removed);
    const fresh = added.filter((id) => !gone.has(id));
    for (let from = 0; from < fresh.length; from += BLOCK) {
      const faces = await readFaces(db, fresh.slice(from, from + BLOCK), this.of.model);
      await this.#add(faces.filter(({ partition }) => partitions.includes(partition)));
    }
    await this.#index.erase(removed);
  }

  /** Where the next faces are, in the record or in memory. */
  async spanFrom(
    db: Queries,
    partitions: readonly number[],
    { from, ids }: { readonly from: number; readonly ids: number },
  ): Promise<Span | undefined> {
    const next = await nextId(db, partitions, from);
    if (next === undefined) return this.lastId >= from ? [from, this.lastId + 1] : undefined;
    return [next, next + ids];
  }

  read = async (db: Queries, partition: number, span: Span): Promise<Held> => ({
    partition,
    ...(await readStretch(db, partition, span, this.of)),
  });

  /** Whether what is held of a span is what `db` has of it, by count and checksum. */
  async isSame(db: Queries, partition: number, span: Span): Promise<boolean> {
    const recorded = await digestStretch(db, partition, span);
    const { owners: people, ...codes } = await this.#index.read(partition, ...span);
    const held = digestOf({ ...codes, people });
    return held.count === recorded.count && held.checksum === recorded.checksum;
  }

  /** What `parts` hold is overwritten. */
  async append(parts: readonly Held[]): Promise<void> {
    const size = this.of.codeBytes;
    const faces = parts.flatMap(({ partition, ids, people, codes }) =>
      ids.map((id, i) => ({
        id,
        person: people[i],
        partition,
        code: codes.subarray(i * size, (i + 1) * size),
      })),
    );
    if (parts.length > 1) faces.sort((a, b) => a.id - b.id);
    await this.#add(faces);
    for (const { codes } of parts) codes.fill(0);
  }

  async #add(faces: readonly FoundFace[]): Promise<void> {
    const codes = Buffer.concat(faces.map(({ code }) => code));
    await this.#index.append(
      faces.map(({ id }) => id),
      codes,
      { groups: faces.map(({ partition }) => partition), owners: faces.map(({ person }) => person) },
    );
    codes.fill(0);
  }

  /** Makes what is held of a span what the server has of it. */
  async replace(stretch: Held, span: Span): Promise<void> {
    const there = new Set(stretch.ids);
    const { ids } = await this.#index.read(stretch.partition, ...span);
    await this.#index.erase(ids.filter((id) => !there.has(id)));
    await this.append([stretch]);
  }

  /** Gives everything back; it can be filled anew. */
  async empty(): Promise<void> {
    const old = this.#index;
    this.#index = createCodeIndex(this.of.codeBytes, OWNED);
    await old.close();
  }

  close(): Promise<void> {
    return this.#index.close();
  }
}

/** By number: which of a gallery's partitions are to be held, and which are searched where they lie. */
export function partitionsFor(place: string, partitions: number, wanted: readonly number[] | undefined) {
  const all = Array.from({ length: partitions }, (_, number) => number);
  const unknown = wanted?.find((number) => !all.includes(number));
  if (unknown !== undefined) {
    throw new InputError(`${place}: there is no partition ${unknown}, only 0 to ${partitions - 1}`);
  }
  const held = wanted ? all.filter((number) => wanted.includes(number)) : all;
  return { held, others: all.filter((number) => !held.includes(number)) };
}
