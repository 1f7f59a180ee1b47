// src/math/linalg: float64 matrices: products, scatter, Cholesky, symmetric eigenvectors, principal components. Knows nothing of faces.
export { cholesky, logDeterminant, solve, solveLower, solveLowerTransposed } from "./cholesky.ts";
export { type Eigen, generalisedEigen, symmetricEigen } from "./eigen.ts";
export {
  addScaled,
  congruence,
  diagonal,
  firstColumns,
  gram,
  type Matrix,
  type Multiply,
  matrix,
  multiply,
  multiplyHere,
  multiplyTransposed,
  type Rows,
  transpose,
} from "./matrix.ts";
export { centredRows, covariance, meanRow, scatter } from "./moments.ts";
export {
  EXACT_PCA_LIMIT,
  firstComponents,
  fitPca,
  type Pca,
  type PcaOptions,
} from "./pca.ts";
export { project, projectRows } from "./project.ts";
export type { RowSource } from "./rowSource.ts";
