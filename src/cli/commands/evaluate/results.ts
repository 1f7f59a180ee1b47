/** Results of evaluations on their way to files. */
import { writeFileAtomic, writingTo } from "../../../base/files/index.ts";

/** Writes `data` as JSON where a path is given. */
export async function writeJson(path: string | undefined, data: object): Promise<void> {
  if (path !== undefined) {
    await writingTo(path, () => writeFileAtomic(path, `${JSON.stringify(data, null, 2)}\n`));
  }
}

/** Writes a figure where a path is given. */
export async function writeFigure(path: string | undefined, svg: () => string): Promise<void> {
  if (path !== undefined) await writingTo(path, () => writeFileAtomic(path, svg()));
}
