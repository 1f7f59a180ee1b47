/** A teacher's features, from the file that `deepid extract` wrote. */
import { readFeatures } from "../../matching/files/index.ts";
import type { Training } from "./config.ts";
import type { TeacherFeatures } from "./teacherTargets.ts";

/**
 * What is in `file`, if one is named. Equal parts of a row are as many as the config of the net that it `taught` says, and without one
 * the face and its mirror image where `deepid extract` has written them, else one.
 */
export async function readTeacher(
  file: string | undefined,
  taught?: Training["teacher"],
): Promise<TeacherFeatures | undefined> {
  if (file === undefined) return undefined;
  const { set, provenance } = await readFeatures(file);
  const views = taught ? taught.views : provenance.blocks === undefined ? 1 : 2;
  return { features: set, source: file, views };
}
