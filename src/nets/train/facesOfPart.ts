/** Part of the people of a data set, split as a training config says: who trained the net, or who was kept from it. */
import { basename } from "node:path";
import { InputError } from "../../base/errors/index.ts";
import { type AlignedFaces, facesOfPeople } from "../../faces/data/index.ts";
import { matchingPeople } from "./matchingPeople.ts";
import { splitFor } from "./prepare.ts";
import { readConfig } from "./readConfig.ts";

export const SPLIT_PARTS = ["train", "matching", "validation"] as const;

export interface PartChoice {
  /** File of the training config that splits the people. */
  readonly split?: string;
  readonly part?: (typeof SPLIT_PARTS)[number];
  /** How many of those who trained the net are added to `matching`. */
  readonly trainedPeople: number;
}

interface Described {
  readonly faces: AlignedFaces;
  readonly description: string;
}

/** The faces of the part that `choice` names, or all. InputError where half of the choice is missing, or nobody is left. */
export async function facesOfPart(
  { faces, description }: Described,
  { split, part, trainedPeople }: PartChoice,
): Promise<Described> {
  if (trainedPeople > 0 && part !== "matching") {
    throw new InputError("--trained-people needs --part matching: they are people to fit a matcher on");
  }
  if (split === undefined && part === undefined) return { faces, description };
  if (split === undefined || part === undefined) {
    throw new InputError(
      "--split and --part go together: a training config and which of its people are meant",
    );
  }
  const all = splitFor(faces, await readConfig(split));
  const people = part === "matching" ? matchingPeople(all, trainedPeople) : all[part];
  if (people.length === 0) throw new InputError(`${split}: there are no ${part} people`);
  return {
    faces: facesOfPeople(faces, people),
    description: `${description}, ${part} people of ${basename(split)}`,
  };
}
