/** What finds faces in a page: the default detector or a YuNet file, from the page's own server, or one of the caller's. */
import { DataError, InputError } from "../../base/errors/index.ts";
import {
  DETECTOR_FILES,
  type FaceLocator,
  openMeshLocator,
  parseDetectorCard,
  yunetLocator,
} from "../../faces/locate/index.ts";
import type { OpenSession } from "../../math/session/index.ts";
import { addressOf, type Download, folderOf } from "./download.ts";
import { listed, parseJson } from "./model.ts";

/** A YuNet detector of one's own. */
export interface YunetFile {
  /** Address of its ONNX file, or the file's bytes. */
  readonly yunet: string | URL | Uint8Array;
}

/** Opens a detector; undefined stands for none. */
export async function openPageDetector(
  detector: string | URL | YunetFile | FaceLocator | undefined,
  download: Download,
  open: OpenSession,
): Promise<FaceLocator | undefined> {
  if (detector === undefined) return undefined;
  if (typeof detector === "string" || detector instanceof URL) return openFolder(detector, download, open);
  return "yunet" in detector ? openYunet(detector, download, open) : detector;
}

async function openFolder(place: string | URL, download: Download, open: OpenSession): Promise<FaceLocator> {
  const base = folderOf(place);
  const folder = base.pathname.replace(/\/$/, "");
  const read = (file: string) => download(new URL(file, base));
  const path = `${folder}/${DETECTOR_FILES.card}`;
  const card = await read(DETECTOR_FILES.card);
  if (!card) throw new DataError(`${folder}: no face detector here: no ${DETECTOR_FILES.card}`);
  const { files } = parseDetectorCard(parseJson(card, path), path);
  return openMeshLocator((file) => listed({ folder, read, files }, file), open);
}

async function openYunet({ yunet }: YunetFile, download: Download, open: OpenSession): Promise<FaceLocator> {
  const stored = yunet instanceof Uint8Array;
  const name = stored ? "detector" : String(yunet);
  const bytes = stored ? yunet : await download(addressOf(yunet));
  if (!bytes) throw new InputError(`${name}: there is no face detector here`);
  return yunetLocator(await open(bytes, { constantWeights: true }, name), name);
}
