/** The page about one neuron. */

import type { Progress } from "../../../base/progress/index.ts";
import { count, formatPercent } from "../../../base/text/index.ts";
import { type AlignedFaces, facesOfRows, faceUri } from "../../../faces/data/index.ts";
import { TEMPLATE } from "../../../faces/face/index.ts";
import { extractActivations, type FaceModel } from "../../../nets/net/index.ts";
import {
  htmlReport,
  neuronFigure,
  numeric,
  type ReportImage,
  type ReportSection,
  sensitivityFigure,
  type Table,
} from "../../report/index.ts";
import { coveredFaces, type Dossier, type DossierEntry, sensitivityPatches } from "../../studies/index.ts";
import type { NeuronGradients } from "./neuronGradients.ts";

/** Where the neuron looks: the share of its activation lost for each patch covered, averaged over the pictures. */
export async function sensitivityOf(
  { net, card }: FaceModel,
  faces: AlignedFaces,
  { feature, neuron, signal, onProgress }: Progress & { feature: string; neuron: number },
) {
  const patches = sensitivityPatches();
  const meanOf = async (reader: Parameters<typeof extractActivations>[1]) => {
    const [set] = await extractActivations({ net, region: card.region, names: [feature] }, reader, {
      signal,
    });
    let sum = 0;
    for (let row = 0; row < set.rows; row++) sum += set.values[row * set.dimension + neuron] / set.rows;
    return sum;
  };
  const clean = await meanOf(faces);
  const lost: number[] = [];
  for (const [i, patch] of patches.entries()) {
    lost.push(clean > 0 ? 1 - (await meanOf(coveredFaces(faces, patch))) / clean : 0);
    onProgress?.(i + 1, patches.length);
  }
  return { patches, lost, landmarks: TEMPLATE.landmarks };
}

/** The pictures that excite the neuron most, as they are aligned. */
export async function topFaces(faces: AlignedFaces, names: readonly string[]): Promise<ReportImage[]> {
  return Promise.all(
    names.map(async (name, place) => {
      const src = await faceUri(faces, faces.names.indexOf(name));
      return {
        src,
        caption: `${place + 1}. ${name.split("/")[0].replaceAll("_", " ")}`,
        alt: `picture ${name}`,
      };
    }),
  );
}

/** The faces named, in that order. */
export function facesNamed(faces: AlignedFaces, names: readonly string[]): AlignedFaces {
  const place = new Map(faces.names.map((name, row) => [name, row]));
  return facesOfRows(
    faces,
    names.map((name) => place.get(name)!),
  );
}

export interface NeuronPage {
  readonly dossier: Dossier;
  readonly features: string;
  readonly images: readonly ReportImage[];
  readonly sensitivity?: Awaited<ReturnType<typeof sensitivityOf>>;
  readonly gradients?: NeuronGradients;
}

const SHOWN = 12;

export function neuronPage({ dossier, features, images, sensitivity, gradients }: NeuronPage): string {
  const { neuron, activation, fires, entries } = dossier;
  const [best] = entries;
  const sections: ReportSection[] = [
    {
      heading: "When it fires",
      prose: `Over all pictures its activation is ${activation.mean.toFixed(3)} ± ${activation.deviation.toFixed(3)}, at most ${activation.most.toFixed(2)}.`,
      figures: [neuronFigure(dossier)],
    },
    ...(["person", "attribute"] as const).flatMap((kind) => {
      const own = entries.filter((entry) => entry.kind === kind);
      if (own.length === 0) return [];
      const heading = kind === "person" ? "Whom it tells" : "What it tells";
      return [{ heading, tables: [true, false].map((excited) => entryTable(own, excited)) }];
    }),
  ];
  if (sensitivity) {
    sections.push({
      heading: "Where it looks",
      prose:
        "Each square of the face was covered with grey in the pictures that excite the neuron most; the colour is the share " +
        "of its activation that is lost. Circles: eyes, nose tip and mouth corners of an aligned face.",
      figures: [sensitivityFigure(sensitivity)],
    });
  }
  if (gradients) sections.push(...gradientSections(gradients));
  if (images.length > 0) sections.push({ heading: "Pictures that excite it most", images });
  return htmlReport({
    title: `Neuron ${neuron}`,
    summary: `Neuron ${neuron} of ${features}. It fires for ${formatPercent(fires)} of the pictures${
      best ? ` and tells best: ${best.name.replaceAll("_", " ")} (${formatPercent(best.accuracy)})` : ""
    }.`,
    sections,
  });
}

const gradientSections = ({ pixels, favourites }: NeuronGradients): ReportSection[] => [
  {
    heading: "Which pixels excite it",
    prose:
      "Integrated gradients: each face grows out of grey, and each pixel is given its share of what the activation gains on " +
      "the way. Green pixels raise it, pink ones lower it.",
    images: pixels,
  },
  {
    heading: "What it would like best",
    prose:
      "Three drawn faces, and each changed along the gradient until the neuron fires most, held smooth by a penalty on total " +
      "variation. What appears is what the neuron asks for, not a person.",
    images: favourites,
  },
];

function entryTable(entries: readonly DossierEntry[], excited: boolean): Table {
  const shown = entries.filter((entry) => entry.excited === excited).slice(0, SHOWN);
  return {
    caption: excited ? "Excited by" : "Inhibited by",
    columns: [{ name: "Class" }, ...numeric("Pictures", "Mean on it", "On the rest", "Accuracy alone")],
    rows: shown.map(({ name, pictures, mean, restMean, accuracy }) => [
      name.replaceAll("_", " "),
      count(pictures),
      mean.toFixed(3),
      restMean.toFixed(3),
      formatPercent(accuracy),
    ]),
  };
}
