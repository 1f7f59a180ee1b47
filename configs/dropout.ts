/**
 * Nets that differ in nothing but the rate of dropout: does sparsity come from it (Section 5)?
 * Run:    npx tsx scripts/dropout.ts
 * Expect: results/dropout.json, results/dropout.svg; about a minute a net on two cores
 */
import { parseTraining, type Training } from "../src/nets/train/index.ts";
import synthetic from "./synthetic.ts";

function withRate(dropout: number): Training {
  const { net, lambda } = synthetic;
  const changed = {
    net: { ...net, dropout },
    lambda: { ...lambda, after: 50 },
    steps: 300,
    evaluateEvery: 300,
  };
  return parseTraining({ ...synthetic, ...changed }, "configs/dropout.ts");
}

export default { "0": withRate(0), "0.25": withRate(0.25), "0.5": withRate(0.5), "0.75": withRate(0.75) };
