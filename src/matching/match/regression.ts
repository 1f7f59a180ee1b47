/**
 * What features say of a teacher's numbers of the same faces: linear regression on their principal components. Directions that vary
 * most are not those that tell people apart; a teacher that has seen many more people says which do.
 */
import { InputError } from "../../base/errors/index.ts";
import { type Matrix, matrix, multiplyTransposed, type Rows, transpose } from "../../math/linalg/index.ts";

/**
 * Added to each component's sum of squares, as a share of their mean. Of nine nets' 4,608 columns, components that hardly vary would
 * else be followed into what is chance: mean squared error on other people 0.219 with 0.1, 0.224 with 0.01, 0.232 without, of one net
 * 0.247 with 0.01 and without.
 */
const RIDGE = 0.05;

/**
 * Ridge regression of `targets` [n, width] on `coordinates` [n, k] along principal components: the map [width, k], whose product with
 * coordinates is the prediction less the targets' mean. Coordinates of components have mean 0 and are not correlated, so each is
 * regressed on for itself (Hoerl and Kennard, Technometrics 1970).
 *
 * @throws InputError where there are not as many targets as rows, or fewer components than numbers of a target
 */
export function regressOnto(coordinates: Matrix, targets: Rows): Matrix {
  const { rows, columns: k, values } = coordinates;
  if (targets.rows !== rows) {
    throw new InputError(
      `regression: ${rows} faces need as many rows of a teacher's numbers, got ${targets.rows}`,
    );
  }
  if (k < targets.columns) {
    throw new InputError(
      `regression: a teacher's ${targets.columns} numbers need as many components or more, got ${k}`,
    );
  }
  const squares = new Float64Array(k);
  for (let at = 0; at < values.length; at++) squares[at % k] += values[at] ** 2;
  const ridge = (RIDGE * squares.reduce((sum, value) => sum + value, 0)) / k;
  const wide = matrix(rows, targets.columns, Float64Array.from(targets.values));
  const products = multiplyTransposed(transpose(wide), transpose(coordinates)); // [width, k]
  return matrix(
    targets.columns,
    k,
    products.values.map((value, at) => value / (squares[at % k] + ridge || 1)),
  );
}
