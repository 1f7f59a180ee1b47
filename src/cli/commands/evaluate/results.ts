/** Figures of evaluations on their way to files. */
import { writeFileAtomic, writingTo } from "../../../base/files/index.ts";

/** Writes a figure where a path is given. */
export async function writeFigure(path: string | undefined, svg: () => string): Promise<void> {
  if (path !== undefined) await writingTo(path, () => writeFileAtomic(path, svg()));
}
