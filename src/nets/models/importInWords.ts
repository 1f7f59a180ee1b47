/** What an imported net is, in words. */
import { columns, count } from "../../base/text/index.ts";
import type { Region } from "../../faces/face/index.ts";
import type { ImportedNet } from "./importOnnx.ts";

/** What the model in `folder` was found, or assumed, to be. */
export const importedText = (
  folder: string,
  { name, input, region, feature, length, trial }: ImportedNet,
): string =>
  columns([
    ["model", `${folder}, ${name}`],
    [
      "input",
      `${input.name}: ${region.height} x ${region.width} ${region.colour}, ${input.layout}, ${input.order}`,
    ],
    ["values", `(byte - ${input.mean.join(",")}) / ${input.scale.join(",")}`],
    ["region", boxInWords(region)],
    ["vector", `${feature}, ${count(length)} numbers`],
    [
      "trial",
      `drawn faces of one person rank above those of two in ${(100 * trial.separation).toFixed(0)} % of cases`,
    ],
    ["next", "deepid extract your people, then deepid fit-matcher features.safetensors --model the folder"],
  ]);

const boxInWords = ({ box }: Region) =>
  `${box.width.toFixed(1)} x ${box.height.toFixed(1)} from (${box.x.toFixed(1)}, ${box.y.toFixed(1)}) of the aligned face`;
