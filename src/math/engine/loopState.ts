/** What the two kinds of loop have in common. */
import { InputError } from "../../base/errors/index.ts";
import type { ModelSignature, ModelValue } from "../graph/index.ts";
import type { Tensors } from "../session/index.ts";

export interface Loop {
  readonly description: ModelSignature;
  /** One run with `feeds`, the inputs that are no state. Computes the outputs that are none, into the tensors of `into`. */
  run(feeds: Tensors, into: Tensors): Promise<void>;
  /** The state as it stands, float32, by input name. To be read before the next run, and not written. */
  state(): Promise<Tensors>;
  release(): Promise<void>;
}

/** Before the name of the output that is an input of the next run. */
export const NEXT = "next.";

/** Throws unless `first` are just the inputs whose next value is an output. */
export function checkState(name: string, { outputs }: ModelSignature, first: Tensors): void {
  const carried = outputs.filter(isNext).map((output) => output.name.slice(NEXT.length));
  const missing = carried.find((key) => !(key in first));
  const stray = Object.keys(first).find((key) => !carried.includes(key));
  if (missing !== undefined) throw new InputError(`${name}: the state lacks ${missing}`);
  if (stray !== undefined) throw new InputError(`${name}: ${stray} has no next value, so it is no state`);
}

export const isNext = ({ name }: ModelValue): boolean => name.startsWith(NEXT);
