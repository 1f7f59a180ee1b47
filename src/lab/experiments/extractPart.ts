/** Features of the pictures of a data set, or of some of its people, into a file. */
import { writingTo } from "../../base/files/index.ts";
import { type StagedProgress, stageOf } from "../../base/progress/index.ts";
import { count } from "../../base/text/index.ts";
import type { AlignedFaces } from "../../faces/data/index.ts";
import { TEMPLATE_VERSION } from "../../faces/face/index.ts";
import type { Provenance } from "../../matching/features/index.ts";
import { writeFeatures } from "../../matching/files/index.ts";
import { facesOfPart, type PartChoice } from "../../nets/train/index.ts";
import type { FeatureSource } from "./featureSource.ts";

/** Writes the features by `source` to `out`; what was written, as data and in words. */
export async function extractPart(
  source: FeatureSource,
  open: { readonly faces: AlignedFaces; readonly description: string },
  { out, ...part }: PartChoice & { readonly out: string },
  progress: StagedProgress = {},
) {
  const { faces, description } = await facesOfPart(open, part);
  const set = await source.extract(faces, stageOf(progress, "extracting"));
  const provenance: Provenance = {
    ...source.provenance,
    faces: description,
    alignment: String(TEMPLATE_VERSION),
  };
  await writingTo(out, () => writeFeatures(out, set, provenance));
  const { rows, dimension } = set;
  const people = new Set(set.identities).size;
  return {
    rows,
    dimension,
    people,
    provenance,
    text:
      `${out} holds ${provenance.feature} of ${count(rows)} pictures of ${count(people)} people, ` +
      `${dimension} numbers each`,
  };
}
