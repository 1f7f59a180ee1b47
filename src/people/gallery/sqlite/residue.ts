/** Looks for what was erased in the bytes of files. */
import { existsSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { heldFile } from "./heldFile.ts";

/** Bytes of a sample: long enough not to occur by chance. */
const SAMPLE_BYTES = 24;
/** Most samples looked for: enough to notice that deleted pages are not overwritten. */
const SAMPLES = 24;
const BLOCK_BYTES = 1 << 22;

/** Short pieces of `parts` by which they can be recognised; parts of hardly any content give none. */
export function samplesOf(parts: readonly Uint8Array[]): Buffer[] {
  const samples = parts.flatMap((part) =>
    [0, Math.floor((part.length - SAMPLE_BYTES) / 2)]
      .filter((begin) => begin >= 0 && begin + SAMPLE_BYTES <= part.length)
      .map((begin) => Buffer.from(part.subarray(begin, begin + SAMPLE_BYTES)))
      .filter((sample) => new Set(sample).size >= SAMPLE_BYTES / 3),
  );
  const every = Math.max(1, Math.ceil(samples.length / SAMPLES));
  return samples.filter((_, i) => i % every === 0);
}

/** Those of `samples` that occur in `file`, and its size. */
export async function searchFile(file: FileHandle, samples: readonly Buffer[]) {
  const found = new Set<Buffer>();
  let bytes = 0;
  const block = Buffer.alloc(BLOCK_BYTES + SAMPLE_BYTES);
  let kept = 0; // bytes of the block before, so that a sample across two blocks is seen
  for (;;) {
    const { bytesRead } = await file.read(block, kept, BLOCK_BYTES, bytes);
    if (bytesRead === 0) return { found, bytes };
    bytes += bytesRead;
    const content = block.subarray(0, kept + bytesRead);
    for (const sample of samples) if (content.includes(sample)) found.add(sample);
    kept = Math.min(SAMPLE_BYTES - 1, content.length);
    block.copyWithin(0, content.length - kept, content.length);
  }
}

/** The same in a gallery's file and its write-ahead log. */
export async function searchGallery(path: string, samples: readonly Buffer[]) {
  const inFile = await searchFile(await heldFile(path), samples);
  const log = `${path}-wal`; // SQLite holds no locks on it: its descriptor may be closed
  if (!existsSync(log)) return inFile;
  const file = await open(log);
  try {
    const inLog = await searchFile(file, samples);
    return { found: new Set([...inFile.found, ...inLog.found]), bytes: inFile.bytes + inLog.bytes };
  } finally {
    await file.close();
  }
}
