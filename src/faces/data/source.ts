/** What all kinds of data set are to the rest: named pictures of named people, each with its way to an aligned face. */
import { DataError, firstFew } from "../../base/errors/index.ts";
import type { FileTree } from "../../base/files/index.ts";
import type { Image } from "../image/index.ts";

export interface FaceSource {
  /** For messages and file names: "celeba", "lfw", "people". */
  readonly kind: string;
  /** The folder or archive. */
  readonly path: string;
  /** Changes when a picture, its landmarks or its person may have changed. */
  readonly fingerprint: string;
  /** Sorted by name. */
  readonly pictures: readonly SourcePicture[];
  /** What lies among the pictures and is none of them, and why. */
  readonly passedOver: readonly PassedOver[];
  /**
   * Yields the file of each picture that is `wanted` (of all where nothing is said), in no particular order; `index` counts in
   * `pictures`. Where it cannot be read, the failure comes in place of the bytes.
   */
  read(wanted?: (index: number) => boolean): AsyncGenerator<PictureFile>;
}

export interface PictureFile {
  readonly index: number;
  readonly bytes: Uint8Array | DataError;
}

/** A file that could not be used. */
export interface PassedOver {
  /** Its path in its folder or archive; the name of a picture that came without a file. */
  readonly file: string;
  /** Which and why, in a sentence. */
  readonly reason: string;
}

export interface SourcePicture {
  /** `000001` or `Name/Name_0001`: unique in the source and without extension. */
  readonly name: string;
  readonly identity: string;
  /** Where it lies in the folder or archive. */
  readonly file: string;
  /** Turns the decoded photo into an aligned face; throws DataError or InputError when it cannot. */
  align(photo: Image): Image | Promise<Image>;
}

/** Makes a source of pictures that lie in `tree`. */
export function createSource(
  kind: string,
  tree: FileTree,
  {
    pictures,
    fingerprint,
    passedOver = [],
  }: {
    pictures: readonly SourcePicture[];
    fingerprint: readonly string[];
    passedOver?: readonly PassedOver[];
  },
): FaceSource {
  const sorted = [...pictures].sort((a, b) => (a.name < b.name ? -1 : 1));
  for (let i = 1; i < sorted.length; i++) {
    if (sorted[i].name === sorted[i - 1].name) {
      throw new DataError(
        `${tree.path}: two pictures have the name ${sorted[i].name}: ${sorted[i - 1].file} and ${sorted[i].file}`,
      );
    }
  }
  if (sorted.length === 0)
    throw new DataError(`${tree.path}: no pictures (.jpg, .png, .webp, .avif, .tif or .gif)`);
  const indices = new Map(sorted.map(({ file }, i) => [file, i]));
  return {
    kind,
    path: tree.path,
    fingerprint: [tree.fingerprint, ...fingerprint].join("\n"),
    pictures: sorted,
    passedOver,
    async *read(wanted = () => true) {
      const asked = (file: string) => {
        const index = indices.get(file);
        return index !== undefined && wanted(index);
      };
      const failed: PictureFile[] = [];
      const fail = (file: string, error: DataError) => {
        failed.push({ index: indices.get(file)!, bytes: error });
      };
      for await (const { path, bytes } of tree.read(asked, fail)) {
        yield* failed.splice(0);
        yield { index: indices.get(path)!, bytes };
      }
      yield* failed;
    },
  };
}

/** Keeps the pictures named in `only`, all when it is left out; names that are not there are skipped. */
export function selectPictures<T extends { readonly name: string }>(
  pictures: readonly T[],
  only: ReadonlySet<string> | undefined,
  path: string,
): readonly T[] {
  if (!only) return pictures;
  const kept = pictures.filter(({ name }) => only.has(name));
  if (kept.length === 0) {
    throw new DataError(
      `${path}: none of the ${only.size} pictures asked for is there: ${firstFew([...only])}`,
    );
  }
  return kept;
}
