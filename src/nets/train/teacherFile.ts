/** A teacher's features, from the file that `deepid extract` wrote. */
import { readFeatures } from "../../matching/files/index.ts";
import type { TeacherFeatures } from "./teacherTargets.ts";

/**
 * What is in `file`, if one is named. `views`: equal parts of a row (default: the face and its mirror image where `deepid extract` has
 * written it, else one).
 */
export async function readTeacher(
  file: string | undefined,
  views?: number,
): Promise<TeacherFeatures | undefined> {
  if (file === undefined) return undefined;
  const { set, provenance } = await readFeatures(file);
  return { features: set, source: file, views: views ?? (provenance.blocks === undefined ? 1 : 2) };
}
