/** Plain coloured pictures for tests of data sets: no face is needed to see whether files find their way. */
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import sharp from "sharp";

/** The file of a picture of one grey value. */
export const greyFile = (
  grey: number,
  { width = 88, height = 104, format = "png" as "png" | "jpeg" | "webp" } = {},
): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background: { r: grey, g: grey, b: grey } } })
    .toFormat(format)
    .toBuffer();

/** A new folder that holds `files` by relative path. */
export async function folderOf(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "deepid-test-"));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return folder;
}

/** The error of a promise that must fail. */
export async function failureOf(promise: Promise<unknown>): Promise<Error> {
  const outcome = await promise.then(
    () => "it succeeded",
    (error: Error) => error,
  );
  if (outcome instanceof Error) return outcome;
  throw new Error(`expected a failure, but ${outcome}`);
}
