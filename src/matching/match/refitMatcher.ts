/**
 * Fits the matcher of a model anew to people at hand, starting from the one that is there: features are described along its
 * directions, and both covariances are blended with its own (see `blendWith`).
 */
import { InputError } from "../../base/errors/index.ts";
import {
  firstColumns,
  type Matrix,
  type Multiply,
  matrix,
  meanRow,
  multiply,
  projectRows,
} from "../../math/linalg/index.ts";
import type { FeatureSet } from "../features/index.ts";
import { fitJointBayesian } from "./fitJointBayesian.ts";
import { type FittedMatcher, ofBothMirrors } from "./fitMatcher.ts";
import { asRows, createMatcher, type Matcher } from "./matcher.ts";
import { oneOfMirrors, sumOfMirrors } from "./mirrors.ts";
import { blendWith } from "./shrink.ts";

export interface RefitOptions {
  /** Shares of `start` in the covariances, 0 to 1, each of a matcher of its own (default: 1, which is `start` but for the mean). */
  readonly shrinkages?: readonly number[];
  readonly multiply?: Multiply;
}

/**
 * Matchers of the people of `set` that start from `start`. Its most telling directions are refitted, half as many as there are
 * faces; the others stay as they are, since so few faces say nothing of them.
 */
export async function* refitMatchers(
  set: FeatureSet,
  start: Matcher,
  { shrinkages = [1], multiply: product }: RefitOptions = {},
): AsyncGenerator<Pick<FittedMatcher, "components" | "shrinkage" | "matcher">, undefined> {
  const { blockSize, mirrored, directions, ratios } = start.model;
  if (directions.columns !== set.dimension) {
    throw new InputError(
      `matcher: it compares features of dimension ${directions.columns}, got ${set.dimension}`,
    );
  }
  const all = asRows(set, blockSize);
  const rows = mirrored === undefined ? all : sumOfMirrors(all, mirrored);
  const axes = mirrored === undefined ? directions : oneOfMirrors(directions, mirrored);
  const mean = meanRow(rows);
  const coordinates = await projectRows({ mean, components: axes }, rows, { multiply: product });
  const fitted = Math.max(1, Math.min(axes.rows, Math.floor(rows.rows / 2)));
  const fit = fitJointBayesian(firstColumns(coordinates, fitted), set.identities);
  for (const shrinkage of shrinkages) {
    const blended = blendWith(fit, ratios, shrinkage);
    const turned = multiply(blended.directions, rowsOf(axes, 0, fitted));
    const model = {
      blockSize,
      mean,
      ...mostTellingFirst(
        [turned, rowsOf(axes, fitted, axes.rows)],
        Float64Array.of(...blended.ratios, ...ratios.subarray(fitted)),
      ),
    };
    yield {
      components: axes.rows,
      shrinkage,
      matcher: createMatcher(mirrored === undefined ? model : ofBothMirrors(model, mirrored)),
    };
  }
}

const rowsOf = ({ columns, values }: Matrix, from: number, to: number) =>
  matrix(to - from, columns, values.slice(from * columns, to * columns));

/** The rows of `parts`, one below the other, and their ratios, the highest first. */
function mostTellingFirst(parts: readonly Matrix[], ratios: Float64Array) {
  const [{ columns }] = parts;
  const rows = parts.flatMap((part) =>
    Array.from({ length: part.rows }, (_, row) => part.values.subarray(row * columns, (row + 1) * columns)),
  );
  const order = [...rows.keys()].sort((a, b) => ratios[b] - ratios[a]);
  const directions = matrix(rows.length, columns);
  for (const [to, from] of order.entries()) directions.values.set(rows[from], to * columns);
  return { directions, ratios: Float64Array.from(order, (row) => ratios[row]) };
}
