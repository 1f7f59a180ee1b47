/** Codes of some partitions in this process's memory, as they are read from their server. */
import { type CodeIndex, createCodeIndex, type FoundCode } from "../../../matching/search/index.ts";
import type { FoundFace, Stretch } from "./stretches.ts";

/** What a code takes beside its bytes: its id, its group, and two marks of the kernel's. */
const BESIDE = 12;

/** A stretch of a partition. */
export type Held = Stretch & { readonly partition: number };

export class CodeMemory {
  readonly #codeBytes: number;
  #index: CodeIndex;

  constructor(codeBytes: number) {
    this.#codeBytes = codeBytes;
    this.#index = createCodeIndex(codeBytes);
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
    return (this.size + this.wasted) * (this.#codeBytes + BESIDE);
  }

  nearest(code: Uint8Array, k: number): Promise<FoundCode[]> {
    return this.#index.nearest(code, k);
  }

  async read(partition: number, from: number, to: number): Promise<Held> {
    return { partition, ...(await this.#index.read(partition, from, to)) };
  }

  /** What `parts` hold is overwritten. */
  async append(parts: readonly Held[]): Promise<void> {
    const size = this.#codeBytes;
    const faces = parts.flatMap(({ partition, ids, codes }) =>
      ids.map((id, i) => ({ id, partition, code: codes.subarray(i * size, (i + 1) * size) })),
    );
    if (parts.length > 1) faces.sort((a, b) => a.id - b.id);
    await this.add(faces);
    for (const { codes } of parts) codes.fill(0);
  }

  async add(faces: readonly FoundFace[]): Promise<void> {
    const codes = Buffer.concat(faces.map(({ code }) => code));
    await this.#index.append(
      faces.map(({ id }) => id),
      codes,
      faces.map(({ partition }) => partition),
    );
    codes.fill(0);
  }

  erase(ids: readonly number[]): Promise<void> {
    return this.#index.erase(ids);
  }

  /** Makes what is held of a span what the server has of it. */
  async replace(stretch: Held, from: number, to: number): Promise<void> {
    const there = new Set(stretch.ids);
    const { ids } = await this.read(stretch.partition, from, to);
    await this.erase(ids.filter((id) => !there.has(id)));
    await this.append([stretch]);
  }

  /** Gives everything back; it can be filled anew. */
  async empty(): Promise<void> {
    const old = this.#index;
    this.#index = createCodeIndex(this.#codeBytes);
    await old.close();
  }

  close(): Promise<void> {
    return this.#index.close();
  }
}
