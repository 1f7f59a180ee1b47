/**
 * Nets that differ in nothing but the rate of dropout: does sparsity come from it (Section 5)?
 * Run:    npx tsx scripts/dropout.ts
 * Expect: results/dropout.json, results/dropout.svg; about a minute a net on two cores
 */
import type { Training } from "../src/nets/train/index.ts";
import synthetic from "./synthetic.ts";

const withRate = (dropout: number): Training => ({
  ...synthetic,
  net: { ...synthetic.net, dropout },
  steps: 300,
  lambda: { ...synthetic.lambda, after: 50 },
  evaluateEvery: 300,
});

export default { "0": withRate(0), "0.25": withRate(0.25), "0.5": withRate(0.5), "0.75": withRate(0.75) };
