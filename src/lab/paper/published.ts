/**
 * What the paper prints: its own results and the rows it cites beside them, as citations. Shares from 0 to 1.
 *
 * Tables 1 to 4 of Sun, Wang and Tang, CVPR 2015. Figures 3 to 5 and 14 to 17 print no numbers; what the text says of
 * them stands here.
 */

/** A row of a verification table: accuracy and its standard error. */
export interface PublishedAccuracy {
  readonly method: string;
  readonly accuracy: number;
  readonly error: number;
}

/** Table 1: face verification on LFW, View 2. */
export const TABLE_1: readonly PublishedAccuracy[] = [
  { method: "High-dim LBP", accuracy: 0.9517, error: 0.0113 },
  { method: "TL Joint Bayesian", accuracy: 0.9633, error: 0.0108 },
  { method: "DeepFace", accuracy: 0.9735, error: 0.0025 },
  { method: "DeepID", accuracy: 0.9745, error: 0.0026 },
  { method: "GaussianFace", accuracy: 0.9852, error: 0.0066 },
  { method: "DeepID2", accuracy: 0.9915, error: 0.0013 },
  { method: "DeepID2+", accuracy: 0.9947, error: 0.0012 },
];

/** Table 2: face verification on YouTube Faces. */
export const TABLE_2: readonly PublishedAccuracy[] = [
  { method: "LM3L", accuracy: 0.813, error: 0.012 },
  { method: "DDML (LBP)", accuracy: 0.813, error: 0.016 },
  { method: "DDML (combined)", accuracy: 0.823, error: 0.015 },
  { method: "EigenPEP", accuracy: 0.848, error: 0.014 },
  { method: "DeepFace-single", accuracy: 0.914, error: 0.011 },
  { method: "DeepID2+", accuracy: 0.9324, error: 0.002 },
];

/** Table 3: closed-set rank-1, and detection and identification rate at a false alarm rate of 1 %, on LFW. */
export const TABLE_3 = [
  { method: "COTS-s1", rank1: 0.567, detection: 0.25 },
  { method: "COTS-s1+s4", rank1: 0.665, detection: 0.35 },
  { method: "DeepFace", rank1: 0.649, detection: 0.445 },
  { method: "WST Fusion", rank1: 0.825, detection: 0.619 },
  { method: "DeepID2+", rank1: 0.95, detection: 0.807 },
] as const;

/** Table 4: FC-4 as numbers and as bits, of one net and of 25; `hamming` is null where it does not apply. */
export const TABLE_4 = [
  { features: "real, single", jointBayesian: 0.987, hamming: null },
  { features: "real, combined", jointBayesian: 0.9947, hamming: null },
  { features: "binary, single", jointBayesian: 0.9767, hamming: 0.9645 },
  { features: "binary, combined", jointBayesian: 0.9912, hamming: 0.9747 },
] as const;

/** Section 4 on Figure 3: what DeepID2+ nets gain over DeepID2 nets of the same region, on average, "approximately". */
export const GAIN_OVER_DEEPID2 = 0.02;

/** The faces that the paper's nets learned from (Section 3). */
export const PAPER_TRAINING = { pictures: 290_000, people: 12_000 } as const;
