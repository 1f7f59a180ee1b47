/** A tar or tgz as a file tree. A tar has no directory, so listing and reading each run through all of it. */
import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { pipeline, Transform } from "node:stream";
import { createGunzip } from "node:zlib";
import { extract, type Header } from "tar-stream";
import { DataError } from "../errors/index.ts";
import { createEntryList, entryError } from "./archiveEntry.ts";
import { type ArchiveLimits, type FileTree, mostUnpacked } from "./archiveTree.ts";

interface TarOptions {
  readonly gzipped: boolean;
  readonly fingerprint: string;
  readonly limits: ArchiveLimits;
}

export async function openTar(path: string, options: TarOptions): Promise<FileTree> {
  const { fingerprint, limits } = options;
  if (!options.gzipped) await checkEndMark(path); // gzip has a mark of its own
  const entries = createEntryList(path, limits);
  for await (const { header, body } of walk(path, options)) {
    if (isFile(path, header)) entries.add(nameOf(header), header.size);
    else entries.addFolder(nameOf(header));
    body.resume();
  }
  return {
    path,
    fingerprint,
    files: entries.sorted(),
    folders: entries.folders(),
    async *read(wanted) {
      for await (const { header, body } of walk(path, options)) {
        if (!isFile(path, header) || !wanted(nameOf(header))) {
          body.resume();
          continue;
        }
        const chunks: Buffer[] = [];
        for await (const chunk of body) chunks.push(chunk as Buffer);
        yield { path: nameOf(header), bytes: Buffer.concat(chunks) };
      }
    },
  };
}

/** A tar ends in blocks of zeros. One cut off between two entries would else pass for a smaller, sound one. */
async function checkEndMark(path: string): Promise<void> {
  const BLOCK = 512;
  const file = await open(path);
  try {
    const last = Buffer.alloc(BLOCK, 1);
    const { size } = await file.stat();
    await file.read(last, 0, BLOCK, Math.max(0, size - BLOCK));
    if (last.some((byte) => byte !== 0))
      throw new DataError(`${path}: cut off: a tar ends in a block of zeros`);
  } finally {
    await file.close();
  }
}

/** The entries in order; each body must be read or resumed before the next. Broken archives end in a DataError. */
async function* walk(
  path: string,
  { gzipped, limits }: TarOptions,
): AsyncGenerator<{ header: Header; body: AsyncIterable<unknown> & { resume(): unknown } }> {
  const unpack = extract();
  const target = unpack as unknown as NodeJS.WritableStream; // streamx, Node's streams in all that matters here
  const ignore = () => {}; // pipeline destroys `unpack` with the error, and the loop below throws it
  let bomb: DataError | undefined;
  if (gzipped) {
    const most = mostUnpacked((await stat(path)).size, limits);
    const counter = counting(most, () => {
      bomb = new DataError(
        `${path}: unpacks to more than ${most} bytes: too much for an archive of its size`,
      );
      return bomb;
    });
    pipeline(createReadStream(path), createGunzip(), counter, target, ignore);
  } else pipeline(createReadStream(path), target, ignore);
  let last = "its start";
  try {
    for await (const body of unpack) {
      last = `entry ${JSON.stringify(body.header.name.slice(0, 200))}`;
      yield { header: body.header, body };
    }
  } catch (error) {
    if (bomb) throw bomb;
    if (error instanceof DataError) throw error;
    const { message } = error as Error;
    throw new DataError(`${path}: broken or cut off after ${last}: ${message}`, { cause: error });
  } finally {
    unpack.destroy();
  }
}

/** Lets `most` bytes pass, and fails with `tooMany` at the next: zeros shrink a thousandfold. */
function counting(most: number, tooMany: () => Error): Transform {
  let passed = 0;
  return new Transform({
    transform(chunk: Buffer, _, done) {
      passed += chunk.length;
      if (passed > most) done(tooMany());
      else done(null, chunk);
    },
  });
}

/** Leading "./" is how `tar c .` writes names; it means nothing. */
const nameOf = (header: Header) => header.name.replace(/^(?:\.\/)+/, "");

function isFile(path: string, { name, type }: Header): boolean {
  if (type === "file" || type === "contiguous-file") return true;
  if (type === "directory") return false;
  throw entryError(path, name, `a ${type}; only plain files and folders are read`);
}
