/** A teacher's features, from the file that `deepid extract` wrote. */
import { readFeatures } from "../../matching/files/index.ts";
import type { TeacherFeatures } from "./teacherTargets.ts";

/** What is in `file`, if one is named. */
export async function readTeacher(file: string | undefined): Promise<TeacherFeatures | undefined> {
  return file === undefined ? undefined : { features: (await readFeatures(file)).set, source: file };
}
