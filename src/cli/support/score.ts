/** The score of a verification in one line. */
import { formatPercent } from "../../base/text/index.ts";
import type { NamedVerification } from "../../matching/protocols/index.ts";

/** One line: "joint-bayesian  94.12 ± 0.31 %  AUC 0.9831 ...". */
export function describeScore({
  metric,
  accuracy,
  auc,
  equalErrorRate,
}: Omit<NamedVerification, "roc">): string {
  const percent = formatPercent(accuracy.mean, { digits: 2, error: accuracy.standardError });
  return `${metric.padEnd(14)}  ${percent}  AUC ${auc.toFixed(4)}  equal error rate ${formatPercent(equalErrorRate)}`;
}
