/** Whom a whole study is about: faces, and what is known of their attributes; synthetic ones bring both. */

import { InputError } from "../../base/errors/index.ts";
import { readAttributes } from "../../faces/data/index.ts";
import { type DataOptions, type OpenFaces, openFaces } from "./faces.ts";
import type { Io } from "./io.ts";
import type { Output } from "./output.ts";

/** Opens the faces that `options` name, with the attributes of their file. */
export async function openSubjects(
  options: DataOptions & { readonly attributes?: string },
  io: Io,
  output: Output,
): Promise<OpenFaces> {
  if (options.attributes === undefined) return openFaces(options, io, output);
  if (options.data === "synthetic") {
    throw new InputError("--attributes is for pictures of a data set; synthetic people bring their own");
  }
  const attributes = await readAttributes(options.attributes);
  const open = await openFaces(options, io, output);
  return { ...open, attributes };
}
