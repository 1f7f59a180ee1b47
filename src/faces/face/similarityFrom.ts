/**
 * The similarity transform that fits point pairs best.
 * Umeyama, PAMI 1991, in the plane and without reflection: there it has a closed form over complex numbers.
 * With points p and targets t as complex numbers about their means, the factor is c = Σ p̄ t / Σ |p|².
 */
import { InputError } from "../../base/errors/index.ts";
import type { Similarity } from "../image/index.ts";
import type { Point } from "./landmarks.ts";

/**
 * Returns the transform of least Σ |transform(points[i]) - targets[i]|².
 * Throws InputError for fewer than two points, lists of unequal length, points that are all one, or NaN.
 */
export function similarityFrom(points: readonly Point[], targets: readonly Point[]): Similarity {
  if (points.length !== targets.length || points.length < 2) {
    throw new InputError(
      `similarityFrom: needs two or more pairs of points, got ${points.length} and ${targets.length} points`,
    );
  }
  const from = meanOf(points);
  const to = meanOf(targets);
  let [real, imaginary, spread] = [0, 0, 0];
  for (const [i, point] of points.entries()) {
    const [px, py] = [point.x - from.x, point.y - from.y];
    const [tx, ty] = [targets[i].x - to.x, targets[i].y - to.y];
    real += px * tx + py * ty;
    imaginary += px * ty - py * tx;
    spread += px * px + py * py;
  }
  const [a, b] = [real / spread, imaginary / spread];
  if (!(spread > 0 && Math.hypot(a, b) > 0 && Number.isFinite(a + b))) {
    throw new InputError(
      "similarityFrom: the points must be finite numbers and must not all lie in one place",
    );
  }
  return { a, b, shiftX: to.x - (a * from.x - b * from.y), shiftY: to.y - (b * from.x + a * from.y) };
}

function meanOf(points: readonly Point[]): Point {
  let [x, y] = [0, 0];
  for (const point of points) {
    x += point.x / points.length;
    y += point.y / points.length;
  }
  return { x, y };
}
