/** The detector that comes with the package, run by our engine. */
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { readCardJson, readListed } from "../../base/files/index.ts";
import { createSession } from "../../math/engine/index.ts";
import type { SessionOptions } from "../../math/session/index.ts";
import { DETECTOR_FILES, type FaceLocator, openMeshLocator, parseDetectorCard } from "../locate/index.ts";

/** Folder of its files. */
export const DETECTOR_FOLDER = fileURLToPath(new URL("../../../models/detector", import.meta.url));

/**
 * The default detector: BlazeFace and MediaPipe's face mesh. Its nets are loaded with the first photo. Calls may overlap.
 *
 * @example
 * const locator = openDefaultLocator();
 * const [largest] = await locator.locate(photo);
 * console.log(largest?.score, largest?.landmarks);
 * await locator.release();
 */
export function openDefaultLocator({
  folder = DETECTOR_FOLDER,
  ...session
}: SessionOptions & {
  /** Where its files lie (default: in the package). */
  readonly folder?: string;
} = {}): FaceLocator {
  let opened: Promise<FaceLocator> | undefined;
  const open = () => {
    opened ??= openFolder(folder, { threads: availableParallelism(), ...session }).catch((error) => {
      opened = undefined; // another try may succeed
      throw error;
    });
    return opened;
  };
  const searches = new Set<Promise<unknown>>();
  let released = false;
  return {
    name: "blazeface",
    async locate(photo, options) {
      if (released) throw new Error("face detector: released");
      const search = open().then((locator) => locator.locate(photo, options));
      searches.add(search);
      try {
        return await search;
      } finally {
        searches.delete(search);
      }
    },
    prepare: () => void open().catch(() => {}), // who locates is told
    async release() {
      if (released) return;
      released = true;
      await Promise.allSettled(searches); // a net must not be freed while it runs
      await (await opened?.catch(() => undefined))?.release();
    },
  };
}

async function openFolder(folder: string, session: SessionOptions): Promise<FaceLocator> {
  const { card } = DETECTOR_FILES;
  const { files } = parseDetectorCard(await readCardJson(folder, card, "face detector"), `${folder}/${card}`);
  return openMeshLocator((file) => readListed(folder, file, { card, files }), createSession, session);
}
