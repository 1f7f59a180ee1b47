/** What names the net of a model, and whether features were computed by it. */
import { InputError } from "../../base/errors/index.ts";
import { sha256 } from "../../base/files/index.ts";
import type { FeatureSet, Provenance } from "../../matching/features/index.ts";
import type { FaceSystem, ModelCard } from "../net/index.ts";

/** SHA-256 of the net of the model that `card` is of; where it sees a face in several views, of that and the views. */
export function netHash({ files, region: { views } }: Pick<ModelCard, "files" | "region">): string {
  const net = files["net.onnx"];
  return views ? sha256(`${net}\nviews ${views.join(",")}`) : net;
}

/** Refuses features that another model has computed, as far as they tell. */
export function checkSameNet(
  path: string,
  { set, provenance }: { readonly set: FeatureSet; readonly provenance: Provenance },
  system: FaceSystem,
): void {
  if (set.dimension !== system.dimension) {
    throw new InputError(
      `${path}: has ${set.dimension} features a picture, ${system.name} has ${system.dimension}`,
    );
  }
  const [net] = system.parts.map(({ card }) => `sha256 ${netHash(card)}`);
  if (system.parts.length === 1 && provenance.net !== undefined && provenance.net !== net) {
    throw new InputError(`${path}: computed by another net than that of ${system.name}, or from other views`);
  }
}
