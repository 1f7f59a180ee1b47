/**
 * Classifiers of which each step is given some people's alone: those of its batch, and others drawn at random [partial FC: An et
 * al., 2022]. The others stay as they are, with their velocities, until they are drawn.
 */

import type { Rng } from "../../base/random/index.ts";
import { sizeOf } from "../../math/graph/index.ts";
import type { Tensor, Tensors } from "../../math/session/index.ts";
import { batchRng } from "./batches.ts";
import type { Training } from "./config.ts";
import { isClassifier, MOVED } from "./step.ts";

/** A classifier's tensor of all people [people, ...], and places for the rows that a step reads and for those it returns. */
interface Rows {
  readonly name: string;
  readonly all: Tensor;
  readonly given: Tensor;
  readonly moved: Tensor;
}

export class SampledClassifiers {
  readonly #training: Training;
  readonly #rows: readonly Rows[];
  readonly #people: number;
  /** Whose rows the last step was given. */
  #drawn: readonly number[] = [];

  /** Takes the classifiers out of `state`, whose arrays are theirs from then on; `size` people take part in a step. */
  constructor(training: Training, state: Tensors, size: number) {
    this.#training = training;
    const own = Object.entries(state).filter(([name]) => isClassifier(name));
    this.#people = own[0][1].shape[0];
    this.#rows = own.map(([name, all]) => {
      const shape = [size, ...all.shape.slice(1)];
      const empty = () => ({ shape, data: new Float32Array(sizeOf(shape)) });
      return { name, all, given: empty(), moved: empty() };
    });
  }

  /** What step number `step` reads: rows of every tensor, and which of them each of `identities` has. */
  feeds(step: number, identities: Float32Array): { identities: Float32Array; rows: Tensors } {
    const size = this.#rows[0].given.shape[0];
    const rng = batchRng(this.#training).fork(`sample ${step}`);
    this.#drawn = draw(identities, this.#people, size, rng);
    for (const { all, given } of this.#rows) {
      this.#drawn.forEach((person, row) => {
        copyRow(all, person, given, row);
      });
    }
    const rowOf = new Map(this.#drawn.map((person, row) => [person, row]));
    return {
      identities: identities.map((person) => rowOf.get(person)!),
      rows: Object.fromEntries(this.#rows.map(({ name, given }) => [name, given])),
    };
  }

  /** Where the step is to write the rows' next values. */
  get into(): Tensors {
    return Object.fromEntries(this.#rows.map(({ name, moved }) => [MOVED + name, moved]));
  }

  /** Takes the rows that the step has written. */
  store(): void {
    for (const { all, moved } of this.#rows) {
      this.#drawn.forEach((person, row) => {
        copyRow(moved, row, all, person);
      });
    }
  }

  /** The classifiers of all people. */
  get state(): Tensors {
    return Object.fromEntries(this.#rows.map(({ name, all }) => [name, all]));
  }
}

/** Copies a row of `from` over one of `to`, which is as wide. */
function copyRow(from: Tensor, row: number, to: Tensor, onto: number): void {
  const width = from.data.length / from.shape[0];
  const values = (from.data as Float32Array).subarray(row * width, (row + 1) * width);
  (to.data as Float32Array).set(values, onto * width);
}

/** `size` of `people` numbers, no two the same: all of `identities`, then others at random. */
function draw(identities: Float32Array, people: number, size: number, rng: Rng): number[] {
  const drawn = new Set<number>(identities);
  while (drawn.size < size) drawn.add(rng.integer(people));
  return [...drawn];
}
