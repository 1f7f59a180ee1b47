/** What was learned of faces without a net, as data and in words. */
import { count, formatPercent } from "../../base/text/index.ts";
import type { AlignedFaces } from "../../faces/data/index.ts";
import { varianceShare } from "../../faces/lbp/index.ts";

/** Principal components `pca` of LBP, fitted on `faces`. */
export function describeComponents(
  pca: Parameters<typeof varianceShare>[0],
  { identities, count: pictures }: Pick<AlignedFaces, "identities" | "count">,
) {
  const [people, components, share] = [new Set(identities).size, pca.components.rows, varianceShare(pca)];
  return {
    data: { components, people, pictures, varianceShare: share },
    text:
      `${count(components)} components with ${formatPercent(share)} of the variance of ${count(pictures)} ` +
      `pictures of ${count(people)} people`,
  };
}
