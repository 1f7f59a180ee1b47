/**
 * Learning S_μ and S_ε of Joint Bayesian from faces of known people.
 * Paper: Chen et al., ECCV 2012, Section 3.3 ("EM-like" learning); `method: "published"` is that loop.
 *
 * Departure: the default is exact EM from a moment estimate. The published M-step takes the expected μ of each
 * person for its true value and forgets how uncertain it is, which with few faces per person drives every weak
 * direction of S_μ to zero and makes the outcome depend on the start. Exact EM adds that posterior covariance and
 * raises the likelihood in every round; with 20 or more faces per person the two agree.
 *
 * In the coordinates of jointBayesian.ts, for a person with m faces whose mean is x̄, both E-steps are
 *   E[μ] = mλ x̄ / (1 + mλ),   x̄ - E[μ] = x̄ / (1 + mλ),   and the exact one also   cov[μ] = λ / (1 + mλ).
 */
import { InputError } from "../../base/errors/index.ts";
import {
  addScaled,
  cholesky,
  congruence,
  covariance,
  diagonal,
  generalisedEigen,
  logDeterminant,
  type Matrix,
  matrix,
  meanRow,
  multiply,
  multiplyTransposed,
  type Rows,
  scatter,
} from "../../math/linalg/index.ts";
import type { JointBayesian } from "./jointBayesian.ts";
import { type PersonStatistics, personStatistics } from "./personStatistics.ts";

export interface JointBayesianOptions {
  /** "exact" EM, or the "published" loop. */
  readonly method?: "exact" | "published";
  /** Most rounds (default: 10 exact, after which scores move by less than 1 % of their spread; 500 published, as published). */
  readonly rounds?: number;
  /** Stops when S_ε changes by less than this share of itself in a round (default: 1e-6, as published). */
  readonly tolerance?: number;
  /** Told after every round; the log-likelihood is that of the model the round started from. */
  readonly onRound?: (round: number, logLikelihood: number, change: number) => void;
}

export interface JointBayesianFit {
  readonly model: JointBayesian;
  /** The model's covariances, between people and within a person, [d, d]. */
  readonly between: Matrix;
  readonly within: Matrix;
  readonly rounds: number;
  readonly converged: boolean;
  /** Log-likelihood of the training faces before each round and at the end, in nats: rounds + 1 values. */
  readonly logLikelihoods: readonly number[];
}

export const JOINT_BAYESIAN_DEFAULTS = {
  method: "exact",
  rounds: { exact: 10, published: 500 },
  tolerance: 1e-6,
} as const;

/** The covariances S_μ and S_ε, [d, d]. */
interface Covariances {
  readonly between: Matrix;
  readonly within: Matrix;
}

/** Fits Joint Bayesian to `rows` [n, d] of the given people, by PCA brought to a d in which they vary fully. */
export function fitJointBayesian(
  rows: Rows,
  identities: readonly string[],
  options: JointBayesianOptions = {},
): JointBayesianFit {
  const { method, tolerance } = { ...JOINT_BAYESIAN_DEFAULTS, ...options };
  const most = options.rounds ?? JOINT_BAYESIAN_DEFAULTS.rounds[method];
  if (!(Number.isInteger(most) && most >= 0)) {
    throw new InputError(`joint Bayesian: rounds must be 0 or more, got ${most}`);
  }
  const statistics = personStatistics(rows, identities);
  let current = method === "exact" ? fromMoments(statistics) : fromScatter(statistics);
  const logLikelihoods: number[] = [];
  let converged = false;
  let rounds = 0;
  while (rounds < most && !converged) {
    const step = expectation(statistics, current);
    logLikelihoods.push(step.logLikelihood);
    const next = method === "exact" ? maximise(statistics, step) : maximisePublished(statistics, step);
    const change = norm(addScaled(next.within, current.within, -1)) / norm(next.within);
    current = next;
    converged = change < tolerance;
    rounds++;
    options.onRound?.(rounds, step.logLikelihood, change);
  }
  const { directions, ratios, logLikelihood } = expectation(statistics, current);
  logLikelihoods.push(logLikelihood);
  return {
    model: { mean: statistics.mean, directions, ratios },
    ...current,
    rounds,
    converged,
    logLikelihoods,
  };
}

/**
 * Unbiased moments (ANOVA): S_ε pooled within people, S_μ what is left of the spread of their means. Variances of
 * S_μ that come out negative or tiny are raised, relative to S_ε, as EM cannot leave a variance of 0.
 */
function fromMoments(statistics: PersonStatistics): Covariances {
  const { counts, faces, personMeans } = statistics;
  const squares = counts.reduce((total, count) => total + count * count, 0);
  const facesPerPerson = (faces - squares / faces) / (counts.length - 1); // the count that matters, if they differ
  const within = pooledWithin(statistics);
  const spread = addScaled(covariance(personMeans), within, -1 / facesPerPerson);
  const { values: ratios, vectors } = generalisedEigen(spread, within);
  const least = ratios[0] > 0 ? 1e-4 * ratios[0] : 1e-4;
  const back = multiplyTransposed(within, vectors);
  return { between: congruence(back, diagonal(ratios.map((ratio) => Math.max(ratio, least)))), within };
}

/** The start of public implementations: the scatter of the people's means and that within people. */
function fromScatter(statistics: PersonStatistics): Covariances {
  return { between: covariance(statistics.personMeans), within: pooledWithin(statistics) };
}

/** S_ε from the faces' distances to their people's means. */
function pooledWithin({ counts, faces, within, total }: PersonStatistics): Matrix {
  return addScaled(scaled(within, 1 / (faces - counts.length)), total, RIDGE);
}

/** Share of the whole covariance added to a scatter within people, which may be singular if the faces are few. */
const RIDGE = 1e-6;

interface Expectation {
  readonly directions: Matrix;
  readonly ratios: Float64Array;
  /** S_ε·Vᵀ = V⁻¹ [d, d]: leads from coordinates back. */
  readonly back: Matrix;
  /** E[μ] of each person in coordinates, [people, d]. */
  readonly persons: Matrix;
  /** √m·(x̄ - E[μ]) of each person in coordinates, [people, d]: its scatter is what the faces' means add to S_ε. */
  readonly remainders: Matrix;
  readonly logLikelihood: number;
}

function expectation(statistics: PersonStatistics, { between, within }: Covariances): Expectation {
  const { counts, faces, personMeans } = statistics;
  const { values, vectors: directions } = generalisedEigen(between, within);
  const ratios = values.map((value) => Math.max(value, 0)); // below 0 by rounding only
  const persons = multiplyTransposed(personMeans, directions); // x̄ here, E[μ] below
  const remainders = matrix(persons.rows, persons.columns);
  const d = ratios.length;
  let terms = faces * (d * Math.log(2 * Math.PI) + logDeterminant(cholesky(within)));
  terms += traceOfProduct(multiply(directions, statistics.within), directions);
  for (const [i, count] of counts.entries()) {
    for (let k = 0, at = i * d; k < d; k++, at++) {
      const mean = persons.values[at];
      const shrink = 1 / (1 + count * ratios[k]);
      terms += count * mean * mean * shrink - Math.log(shrink);
      persons.values[at] = count * ratios[k] * shrink * mean;
      remainders.values[at] = Math.sqrt(count) * shrink * mean;
    }
  }
  const back = multiplyTransposed(within, directions);
  return { directions, ratios, back, persons, remainders, logLikelihood: -terms / 2 };
}

/** The exact M-step: second moments of μ and ε under the posterior. */
function maximise({ counts, faces, within }: PersonStatistics, step: Expectation): Covariances {
  const { ratios, back, persons, remainders } = step;
  const zero = new Float64Array(ratios.length);
  const ofPersons = ratios.map((ratio) => counts.reduce((sum, m) => sum + ratio / (1 + m * ratio), 0)); // Σ cov[μ]
  const ofFaces = ratios.map((ratio) => counts.reduce((sum, m) => sum + (m * ratio) / (1 + m * ratio), 0));
  const between = congruence(back, addScaled(scatter(persons, zero), diagonal(ofPersons), 1));
  const added = congruence(back, addScaled(scatter(remainders, zero), diagonal(ofFaces), 1));
  return {
    between: scaled(between, 1 / counts.length),
    within: scaled(addScaled(within, added, 1), 1 / faces),
  };
}

/** The published M-step: covariances of the expected μ and ε. */
function maximisePublished(
  { counts, faces, within, total }: PersonStatistics,
  step: Expectation,
): Covariances {
  const { back, persons, remainders } = step;
  const d = remainders.columns;
  const zero = new Float64Array(d);
  const meanVariation = new Float64Array(d); // of all faces, in coordinates
  for (const [i, count] of counts.entries()) {
    for (let k = 0; k < d; k++) meanVariation[k] += (Math.sqrt(count) * remainders.values[i * d + k]) / faces;
  }
  const ofMean = scatter({ rows: 1, columns: d, values: meanVariation }, zero);
  const added = congruence(back, addScaled(scatter(remainders, zero), ofMean, -faces));
  return {
    between: congruence(back, covariance(persons, meanRow(persons))),
    within: addScaled(scaled(addScaled(within, added, 1), 1 / (faces - 1)), total, RIDGE),
  };
}

const scaled = (a: Matrix, factor: number) =>
  matrix(
    a.rows,
    a.columns,
    a.values.map((value) => value * factor),
  );
const norm = ({ values }: Matrix) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
const traceOfProduct = (a: Matrix, b: Matrix) =>
  a.values.reduce((sum, value, i) => sum + value * b.values[i], 0);
