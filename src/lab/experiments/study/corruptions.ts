/** Which corruptions and levels a study of robustness measures. */
import { InputError } from "../../../base/errors/index.ts";
import { readOccluders } from "../../../faces/data/index.ts";
import { recompressJpeg } from "../../../faces/pictureFiles/index.ts";
import { type Corruption, jpeg, PLAIN_CORRUPTIONS, realisticOcclusion } from "../../studies/index.ts";

const KNOWN: ReadonlyMap<string, Corruption> = new Map(
  [...PLAIN_CORRUPTIONS, jpeg(recompressJpeg)].map((of) => [of.name, of]),
);

/** "partial", or "block:50,10". */
export interface CorruptionChoice {
  readonly name: string;
  readonly levels?: readonly number[];
}

export const CORRUPTION_NAMES: readonly string[] = [...KNOWN.keys(), "occluder"];

/** "block:50,10" as a choice. InputError where there is no such corruption, or a level is not above 0. */
export function parseCorruption(text: string): CorruptionChoice {
  const [name, list, ...more] = text.split(":");
  const levels = list?.split(",").map(Number);
  if (CORRUPTION_NAMES.includes(name) && more.length === 0 && (levels ?? []).every((level) => level > 0)) {
    return { name, levels };
  }
  throw new InputError(`One of ${CORRUPTION_NAMES.join(", ")} is needed, levels after a colon: block:50,10.`);
}

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
