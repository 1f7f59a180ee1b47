/** Everything about one neuron: when it fires, what it tells, and, with pictures and the model, where it looks. */
import { writeFileAtomic, writingTo } from "../../../base/files/index.ts";
import { columns, formatPercent } from "../../../base/text/index.ts";
import { readFeatures } from "../../../matching/files/index.ts";
import { type Dossier, neuronDossier } from "../../studies/index.ts";
import { type TaskOptions, tasksOf } from "./features.ts";
import type { LookOptions, NeuronLook } from "./neuronLook.ts";
import { neuronPage } from "./neuronPage.ts";

/** What a neuron does, from features alone. */
export interface NeuronStudy extends Pick<LookOptions, "top" | "neuron" | "feature"> {
  readonly dossier: Dossier;
  readonly pictures: number;
  /** Which features: the model, its layer and the faces, as far as the file says. */
  readonly features: string;
}

/** Studies column `neuron` of the features in the file `path`. InputError where there is no such column. */
export async function studyNeuron(path: string, neuron: number, tasks: TaskOptions): Promise<NeuronStudy> {
  const { set, provenance } = await readFeatures(path);
  const dossier = await neuronDossier(set, neuron, { tasks: await tasksOf(set, tasks) });
  const feature = provenance.feature ?? "features";
  return {
    neuron,
    feature,
    dossier,
    top: dossier.top.map((row) => set.names[row]),
    pictures: set.rows,
    features: [provenance.model, feature, provenance.faces].filter(Boolean).join(", "),
  };
}

/** Writes the page of a neuron to the file `out`. */
export const writeNeuronPage = (
  out: string,
  { dossier, features }: NeuronStudy,
  look: NeuronLook,
): Promise<void> => writingTo(out, () => writeFileAtomic(out, neuronPage({ dossier, features, ...look })));

/** Entries in words; the page has more. */
const SAID = 8;

/** What it fires for and tells best, as text. */
export function neuronText({ neuron, dossier, pictures }: NeuronStudy): string {
  const rows = dossier.entries
    .slice(0, SAID)
    .map(({ name, excited, accuracy }): [string, string] => [
      `  ${name}`,
      `${excited ? "excited" : "inhibited"}, alone right ${formatPercent(accuracy)}`,
    ]);
  const fires = `neuron ${neuron} fires for ${formatPercent(dossier.fires)} of ${pictures} pictures`;
  return rows.length > 0 ? `${fires}\n${columns(rows)}` : fires;
}
