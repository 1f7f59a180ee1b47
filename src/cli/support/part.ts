/** One part of the people of a data set, split as a training config says: who trained the net, and who was kept from it. */
import { basename } from "node:path";
import { type Command, Option } from "commander";
import { InputError } from "../../base/errors/index.ts";
import { facesOfPeople } from "../../faces/data/index.ts";
import { matchingPeople, readConfig, splitFor } from "../../nets/train/index.ts";
import type { OpenFaces } from "./faces.ts";
import { trainedPeopleOption } from "./matcherOptions.ts";
import { existing } from "./options.ts";

const PARTS = ["train", "matching", "validation"] as const;

export interface PartOptions {
  readonly split?: string;
  readonly part?: (typeof PARTS)[number];
  readonly trainedPeople: number;
}

export const addPartOptions = (command: Command): Command =>
  command
    .option("--split <config>", "only some people, split as this training config says", existing)
    .addOption(new Option("--part <name>", "which of them").choices(PARTS))
    .addOption(trainedPeopleOption());

/** The faces of the part that `options` name, or all. */
export async function partOf(
  { faces, description }: OpenFaces,
  { split, part, trainedPeople }: PartOptions,
): Promise<Pick<OpenFaces, "faces" | "description">> {
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
