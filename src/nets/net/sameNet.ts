/** Whether features were computed by the model that they are used with. */
import { InputError } from "../../base/errors/index.ts";
import type { FeatureSet, Provenance } from "../../matching/features/index.ts";
import type { FaceSystem } from "./system.ts";

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
  const [net] = system.parts.map(({ card }) => `sha256 ${card.files["net.onnx"]}`);
  if (system.parts.length === 1 && provenance.net !== undefined && provenance.net !== net) {
    throw new InputError(`${path}: computed by another net than that of ${system.name}`);
  }
}
