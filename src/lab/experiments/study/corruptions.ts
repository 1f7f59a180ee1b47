/** Which corruptions and levels a study of robustness measures. */
import { InputError } from "../../../base/errors/index.ts";
import { readOccluders } from "../../../faces/data/index.ts";
import { recompressJpeg } from "../../../faces/pictureFiles/index.ts";
import {
  blockOcclusion,
  blur,
  type Corruption,
  darkness,
  greyBlockOcclusion,
  jpeg,
  noise,
  partialOcclusion,
  realisticOcclusion,
} from "../../studies/index.ts";

const KNOWN: ReadonlyMap<string, Corruption> = new Map(
  [partialOcclusion, blockOcclusion, greyBlockOcclusion, blur, noise, darkness, jpeg(recompressJpeg)].map(
    (of) => [of.name, of],
  ),
);

/** "partial", or "block:50,10". */
export interface CorruptionChoice {
  readonly name: string;
  readonly levels?: readonly number[];
}

export const CORRUPTION_NAMES: readonly string[] = [...KNOWN.keys(), "occluder"];

export interface PlannedCorruption {
  readonly corruption: Corruption;
  readonly levels: readonly number[];
}

/** The corruptions of `choices`, the paper's two where nothing is chosen; occluders come from their folder. */
export async function plannedCorruptions(
  choices: readonly CorruptionChoice[] | undefined,
  occluders: string | undefined,
): Promise<PlannedCorruption[]> {
  const asked = choices ?? [
    { name: "partial" },
    { name: "block" },
    ...(occluders ? [{ name: "occluder" }] : []),
  ];
  return Promise.all(
    asked.map(async ({ name, levels }: CorruptionChoice) => {
      if (name === "occluder" && occluders === undefined) {
        throw new InputError("--corruption occluder needs --occluders, a folder of cut-out things");
      }
      const corruption = KNOWN.get(name) ?? realisticOcclusion(await readOccluders(occluders!));
      return { corruption, levels: levels ?? corruption.levels };
    }),
  );
}
