/** Models in a page: the files of a model's folder, or a system's, from a server or as bytes. */
import { hexOf } from "../../base/bits/index.ts";
import { DataError, firstFew, InputError } from "../../base/errors/index.ts";
import { parseSafetensors } from "../../base/safetensors/index.ts";
import { cohortOfTensors, matcherOfTensors, type StoredMatcher } from "../../matching/match/index.ts";
import type { OpenSession } from "../../math/session/index.ts";
import {
  type FaceModel,
  type FaceSystem,
  MODEL_FILES,
  modelOf,
  parseCard,
  parseSystemCard,
  SYSTEM_CARD,
  systemOf,
  withoutCohort,
} from "../../nets/net/index.ts";
import { type Download, folderOf } from "./download.ts";

/** The files of a model of one net. */
export interface ModelBytes {
  /** model.json. */
  readonly card: Uint8Array | ArrayBuffer;
  /** net.onnx. */
  readonly net: Uint8Array | ArrayBuffer;
  /** matcher.safetensors. */
  readonly matcher: Uint8Array | ArrayBuffer;
  /** cohort.safetensors, where the card lists it. */
  readonly cohort?: Uint8Array | ArrayBuffer;
}

/** What a file of a folder holds; undefined where it is not there. */
type ReadFile = (name: string) => Promise<Uint8Array | undefined>;

/** The model of these bytes, or of the folder at this address. */
export async function openPageModel(
  model: string | URL | ModelBytes,
  download: Download,
  open: OpenSession,
): Promise<FaceSystem> {
  if (typeof model === "string" || model instanceof URL) {
    const base = folderOf(model);
    const name = base.pathname.replace(/\/$/, "");
    const read: ReadFile = (file) => download(new URL(file, base));
    const card = await read(MODEL_FILES.card);
    return card ? oneNet(name, card, read, open) : severalNets(name, read, open);
  }
  const { card, net, matcher, cohort } = Object(model) as Partial<ModelBytes>;
  if (!(card && net && matcher)) {
    throw new InputError(
      "openBrowserRecognizer: `model` must be an address, or the bytes { card, net, matcher }",
    );
  }
  const files: Record<string, Uint8Array | ArrayBuffer> = {
    [MODEL_FILES.net]: net,
    [MODEL_FILES.matcher]: matcher,
    ...(cohort && { [MODEL_FILES.cohort]: cohort }),
  };
  const read: ReadFile = async (file) => (Object.hasOwn(files, file) ? asBytes(files[file]) : undefined);
  return oneNet("model", asBytes(card), read, open);
}

const asBytes = (bytes: Uint8Array | ArrayBuffer) =>
  bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : bytes;

async function oneNet(
  name: string,
  card: Uint8Array,
  read: ReadFile,
  open: OpenSession,
): Promise<FaceSystem> {
  const model = await openPart(name, card, read, open);
  const { name: called, licence, files } = model.card;
  return systemOf({ name: called, licence, hashes: withoutCohort(files) }, [model], model.matcher);
}

async function severalNets(folder: string, read: ReadFile, open: OpenSession): Promise<FaceSystem> {
  const bytes = await read(SYSTEM_CARD);
  if (!bytes) throw new DataError(`${folder}: no model here: neither ${MODEL_FILES.card} nor ${SYSTEM_CARD}`);
  const card = parseSystemCard(parseJson(bytes, `${folder}/${SYSTEM_CARD}`), `${folder}/${SYSTEM_CARD}`);
  const { files, licence, name } = card;
  const matcher = await matcherIn({ folder, read, files });
  const parts: FaceModel[] = [];
  try {
    for (const part of card.parts) {
      const own = await listed({ folder, read, files }, `${part}/${MODEL_FILES.card}`);
      parts.push(await openPart(`${folder}/${part}`, own, (file) => read(`${part}/${file}`), open));
    }
    return systemOf({ name, licence, hashes: withoutCohort(files) }, parts, matcher);
  } catch (error) {
    await Promise.all(parts.map((part) => part.release()));
    throw error;
  }
}

async function openPart(
  folder: string,
  bytes: Uint8Array,
  read: ReadFile,
  open: OpenSession,
): Promise<FaceModel> {
  const path = `${folder}/${MODEL_FILES.card}`;
  const card = parseCard(parseJson(bytes, path), path);
  const from = { folder, read, files: card.files };
  const [onnx, matcher] = await Promise.all([listed(from, MODEL_FILES.net), matcherIn(from)]);
  return modelOf({ card, onnx, matcher }, open, folder);
}

/** The matcher, calibrated by its cohort where the card lists one. */
async function matcherIn(from: Listed): Promise<StoredMatcher> {
  const parsed = async (file: string) => parseSafetensors(await listed(from, file), `${from.folder}/${file}`);
  const stored = matcherOfTensors(await parsed(MODEL_FILES.matcher));
  if (!Object.hasOwn(from.files, MODEL_FILES.cohort)) return stored;
  const columns = stored.matcher.model.ratios.length;
  return { ...stored, calibration: cohortOfTensors(await parsed(MODEL_FILES.cohort), columns) };
}

interface Listed {
  readonly folder: string;
  readonly read: ReadFile;
  /** SHA-256 by name. */
  readonly files: Readonly<Record<string, string>>;
}

/** The bytes of `file`, refused unless its card says so; pages that are not secure (http) cannot hash and must believe. */
export async function listed({ folder, read, files }: Listed, file: string): Promise<Uint8Array> {
  if (!Object.hasOwn(files, file)) {
    const has = firstFew(Object.keys(files)) || "none";
    throw new DataError(`${folder}: the "files" of its card must give the SHA-256 of ${file}, got ${has}`);
  }
  const bytes = await read(file);
  if (!bytes) throw new DataError(`${folder}/${file}: not found`);
  const digest = await globalThis.crypto.subtle?.digest("SHA-256", bytes.slice());
  if (!digest) return bytes;
  const hash = hexOf(new Uint8Array(digest));
  if (hash !== files[file]) {
    throw new DataError(
      `${folder}/${file}: truncated or changed: its card says SHA-256 ${files[file]}, its ${bytes.length} bytes have ${hash}`,
    );
  }
  return bytes;
}

export function parseJson(bytes: Uint8Array, path: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new DataError(`${path}: not JSON: ${(cause as Error).message}`, { cause });
  }
}
