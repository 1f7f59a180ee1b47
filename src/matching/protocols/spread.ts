/** Results over repeated draws. */
import { InputError } from "../../base/errors/index.ts";

/** Mean and standard deviation over draws (with n - 1; 0 for one draw). */
export interface Spread {
  readonly mean: number;
  readonly deviation: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const n = values.length;
  if (!(n >= 1)) throw new InputError("spreadOf: needs values, got none");
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: n === 1 ? 0 : Math.sqrt(squares / (n - 1)) };
}
