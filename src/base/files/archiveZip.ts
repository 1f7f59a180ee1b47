/** A zip as a file tree, read through its directory at the end; checksums are verified. */
import { isAscii, isUtf8 } from "node:buffer";
import { open as openFile, stat } from "node:fs/promises";
import { promisify } from "node:util";
import { crc32, inflateRaw, inflateRawSync } from "node:zlib";
import { type Entry, fromRandomAccessReaderPromise, getFileNameLowLevel, type ZipFile } from "yauzl";
import { DataError } from "../errors/index.ts";
import { BlockReader } from "./archiveBlocks.ts";
import { createEntryList, entryError } from "./archiveEntry.ts";
import { type ArchiveLimits, type FileTree, mostUnpacked } from "./archiveTree.ts";

const inflateElsewhere = promisify<Buffer, { maxOutputLength: number }, Buffer>(inflateRaw);

/** Bytes below which unpacking takes less than handing it to another thread does. */
const SMALL = 16 * 1024;

const inflate = (packed: Buffer, most: number): Buffer | Promise<Buffer> =>
  (most <= SMALL ? inflateRawSync : inflateElsewhere)(packed, { maxOutputLength: most });

interface ZipOptions {
  readonly fingerprint: string;
  readonly limits: ArchiveLimits;
}

export async function openZip(path: string, { fingerprint, limits }: ZipOptions): Promise<FileTree> {
  const entries = createEntryList(path, limits);
  const most = mostUnpacked((await stat(path)).size, limits);
  let unpacked = 0;
  await withZip(path, async (zip) => {
    for await (const entry of entriesOf(zip)) {
      checkKind(path, entry);
      unpacked += entry.uncompressedSize;
      if (unpacked > most) {
        throw new DataError(
          `${path}: unpacks to more than ${most} bytes: too much for an archive of its size`,
        );
      }
      if (entry.fileName.endsWith("/")) entries.addFolder(entry.fileName);
      else entries.add(entry.fileName, entry.uncompressedSize);
    }
  });
  return {
    path,
    fingerprint,
    files: entries.sorted(),
    folders: entries.folders(),
    async *read(wanted) {
      const { zip, reader } = await open(path);
      try {
        for await (const entry of entriesOf(zip)) {
          if (entry.fileName.endsWith("/") || !wanted(entry.fileName)) continue;
          const bytes = await contentOf(entry, zip, reader).catch((error: Error) => {
            throw entryError(path, entry.fileName, error.message, error);
          });
          yield { path: entry.fileName, bytes };
        }
      } finally {
        zip.close();
      }
    },
  };
}

async function open(path: string): Promise<{ zip: ZipFile; reader: BlockReader }> {
  const file = await openFile(path);
  try {
    const reader = new BlockReader(file); // closes the file when the zip is closed
    const { size } = await file.stat();
    return { zip: await fromRandomAccessReaderPromise(reader, size, { autoClose: false }), reader };
  } catch (error) {
    await file.close();
    throw asDataError(path, error);
  }
}

async function withZip(path: string, use: (zip: ZipFile) => Promise<void>): Promise<void> {
  const { zip } = await open(path);
  try {
    await use(zip);
  } catch (error) {
    throw asDataError(path, error);
  } finally {
    zip.close();
  }
}

const asDataError = (path: string, error: unknown) =>
  error instanceof DataError
    ? error
    : new DataError(`${path}: not a sound zip archive: ${(error as Error).message}`, { cause: error });

const NAME_IS_UTF8 = 0x800; // bit 11 of an entry's flags

/**
 * The entries of `zip`, each under the name that it was given. Names without the flag of UTF-8 are CP437 by the standard; yet
 * `zip` on Linux writes UTF-8 without the flag, and hardly a text in CP437 is UTF-8 by chance, unless it is ASCII.
 */
async function* entriesOf(zip: ZipFile): AsyncGenerator<Entry> {
  for await (const entry of zip.eachEntry()) {
    const { fileNameRaw: raw, generalPurposeBitFlag: flags } = entry;
    if (isUtf8(raw) && !isAscii(raw)) {
      entry.fileName = getFileNameLowLevel(flags | NAME_IS_UTF8, raw, entry.extraFields, false);
    }
    yield entry;
  }
}

const LINK = 0xa000; // the file type bits of a symbolic link in a Unix mode
const TYPE_BITS = 0xf000;

function checkKind(path: string, entry: Entry): void {
  if (((entry.externalFileAttributes >>> 16) & TYPE_BITS) === LINK) {
    throw entryError(path, entry.fileName, "a link; only plain files and folders are read");
  }
  if (entry.isEncrypted())
    throw entryError(path, entry.fileName, "encrypted; unpack it with its password first");
}

/** The bytes of `entry`, unpacked in one step: a stream for each would take longer than all else of a small picture. */
async function contentOf(entry: Entry, zip: ZipFile, reader: BlockReader): Promise<Uint8Array> {
  if (!entry.canDecodeFileData()) throw new Error(`compression method ${entry.compressionMethod} is unknown`);
  const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
  const packed = await reader.bytes(fileDataStart, entry.compressedSize);
  const most = Math.max(1, entry.uncompressedSize);
  const bytes = entry.isCompressed() ? await inflate(packed, most) : packed;
  if (bytes.length !== entry.uncompressedSize) {
    throw new Error(`${bytes.length} bytes unpacked, its directory says ${entry.uncompressedSize}`);
  }
  if (crc32(bytes) !== entry.crc32) throw new Error("checksum differs, the archive is damaged");
  return bytes;
}
