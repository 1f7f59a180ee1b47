/** Reads files of results; what is not as its kind demands is refused. */
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { DataError, schemaProblems } from "../../base/errors/index.ts";
import { type Result, ResultHeadSchema, schemaOf } from "./schema.ts";

export interface ResultFile {
  readonly file: string;
  readonly content: Result;
}

/** The result in the file at `path`; DataError where it is none, or not of the kind that it names. */
export async function readResult(path: string): Promise<Result> {
  const wrong = (why: string, cause?: unknown) =>
    new DataError(`${path}: not a file of results: ${why}`, { cause });
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, "utf8"));
  } catch (cause) {
    throw wrong((cause as Error).message, cause);
  }
  const head = z.looseObject({ result: ResultHeadSchema }).safeParse(json);
  if (!head.success) throw wrong(schemaProblems(head.error));
  const body = schemaOf(head.data.result.kind).safeParse(json);
  if (!body.success) throw wrong(schemaProblems(body.error));
  return head.data as Result;
}

/** Every result of a folder, by file name; none where there is no such folder. */
export async function readResults(folder: string): Promise<ResultFile[]> {
  const files = existsSync(folder) ? (await readdir(folder)).sort() : [];
  return Promise.all(
    files
      .filter((file) => file.endsWith(".json"))
      .map(async (file) => ({ file, content: await readResult(join(folder, file)) })),
  );
}
