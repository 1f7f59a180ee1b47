/** CelebA: a folder or archive of aligned pictures and `identity_CelebA.txt`. It contains no person of LFW. */
import { DataError, firstFew } from "../../base/errors/index.ts";
import { openFileTree, withoutExtension } from "../../base/files/index.ts";
import { alignFace, CELEBA_FRAME, TEMPLATE } from "../face/index.ts";
import type { Image } from "../image/index.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { nameFrom, picturesAmong } from "./pictureName.ts";
import { createSource, type FaceSource } from "./source.ts";
import { readLines } from "./textFile.ts";

export interface CelebAOptions {
  /** The folder or archive `img_align_celeba`, as 178 x 218 pictures or as crops of the template's 88 x 104. */
  readonly images: string;
  /** `identity_CelebA.txt`: `file identity` on each line. Without it each picture is a person of its own. */
  readonly identities?: string;
}

/** Opens CelebA. Identities of pictures that are not there are skipped: a part of the set will do. */
export async function openCelebA({ images, identities }: CelebAOptions): Promise<FaceSource> {
  const identityOf = identities === undefined ? undefined : await readIdentities(identities);
  const tree = await openFileTree(images);
  const files = picturesAmong(tree.files).map(({ path }) => ({ file: path, name: nameFrom(path, 1) }));
  const nameless = files.filter(({ name }) => identityOf && !identityOf.has(name)).map(({ file }) => file);
  if (nameless.length > 0) {
    throw new DataError(`${identities}: no identity for ${nameless.length} pictures: ${firstFew(nameless)}`);
  }
  const pictures = files.map(({ file, name }) => ({
    name,
    file,
    identity: identityOf?.get(name) ?? name,
    align,
  }));
  const fingerprint = identities === undefined ? [] : [await fingerprintOf(identities)];
  return createSource("celeba", tree, { pictures, fingerprint });
}

/** Every CelebA picture has the same alignment, so the frame's mean landmarks stand for each picture's own. */
function align(photo: Image): Image {
  const is = (size: { width: number; height: number }) =>
    photo.width === size.width && photo.height === size.height;
  if (is(TEMPLATE)) return photo;
  if (is(CELEBA_FRAME)) return alignFace(photo, CELEBA_FRAME.landmarks);
  throw new DataError(
    `needed CelebA's aligned 178 x 218 pixels or a crop of 88 x 104, got ${photo.width} x ${photo.height}`,
  );
}

/** Reads `file identity` lines into file name without extension -> identity. */
async function readIdentities(path: string): Promise<Map<string, string>> {
  const identityOf = new Map<string, string>();
  for (const line of await readLines(path)) {
    if (line.columns.length !== 2) {
      throw line.error(`needed 2 columns, file and identity, got ${line.columns.length}`);
    }
    const name = withoutExtension(line.columns[0]);
    if (identityOf.has(name)) throw line.error(`${name} has an identity already`);
    identityOf.set(name, String(line.count(1, "the identity")));
  }
  return identityOf;
}
