/**
 * The header of a safetensors file, and everything that must hold of it before a byte of data is believed.
 *
 * Format (Hugging Face): header length as a little-endian u64, header as JSON, data. The JSON maps each name
 * to { dtype, shape, data_offsets: [begin, end] } with offsets counted from the end of the header; the tensors
 * cover the data without holes or overlaps. `__metadata__` holds strings. Values are little-endian, row-major.
 */
import { z } from "zod";
import { DataError } from "../errors/index.ts";

/** Bytes per value of every dtype that is read and written here. */
export const ITEM_BYTES = { F64: 8, I64: 8, F32: 4, I32: 4, U32: 4, F16: 2, I8: 1, U8: 1 } as const;

export type Dtype = keyof typeof ITEM_BYTES;

/** Where a tensor lies in its file. */
export interface TensorPlace {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** Byte range [begin, end), counted from the end of the header. */
  readonly begin: number;
  readonly end: number;
}

export interface Header {
  readonly places: ReadonlyMap<string, TensorPlace>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Longest header that is read, in bytes (the bound of the reference implementation). */
export const MAX_HEADER_BYTES = 100_000_000;

/** Most values in a header, a tensor has about eight, and how deep they are nested. */
const MAX_HEADER_VALUES = 1_000_000;
const MAX_HEADER_DEPTH = 8;

const METADATA = "__metadata__";
const SPACE = 0x20;

const size = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const placeSchema = z.strictObject({
  dtype: z.enum(Object.keys(ITEM_BYTES) as [Dtype, ...Dtype[]]),
  shape: z.array(size).max(32),
  data_offsets: z.tuple([size, size]),
});
const metadataSchema = z.record(z.string(), z.string());

/** The JSON text for tensors that follow one another in the order of `places`, padded so that data start at a multiple of 8. */
export function formatHeader({ places, metadata }: Header): Uint8Array {
  const entries = [...places].map(([name, { dtype, shape, begin, end }]) => [
    name,
    { dtype, shape, data_offsets: [begin, end] },
  ]);
  const hasMetadata = Object.keys(metadata).length > 0;
  const json = JSON.stringify(
    Object.fromEntries([...(hasMetadata ? [[METADATA, metadata]] : []), ...entries]),
  );
  const bytes = new TextEncoder().encode(json);
  const padded = new Uint8Array(8 * Math.ceil(bytes.length / 8)).fill(SPACE);
  padded.set(bytes);
  return padded;
}

/**
 * Reads and checks a header. `dataBytes` is the number of bytes that follow it in the file `path`; a file that
 * is shorter or longer than its tensors say is refused here, before anything of that size is allocated.
 */
export function parseHeader(text: Uint8Array, dataBytes: number, path: string): Header {
  const json = parseJson(text, path);
  const places = new Map<string, TensorPlace>();
  let metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(json)) {
    if (name === METADATA) metadata = checked(metadataSchema, value, path, METADATA);
    else places.set(name, place(name, value, path));
  }
  checkCover(places, dataBytes, path);
  return { places, metadata };
}

/**
 * Counts before it parses: a header of 40 MB that is all brackets would take gigabytes as objects. Long texts may stand
 * in it: the names of millions of pictures are one.
 */
function checkStructure(text: Uint8Array, path: string): void {
  let [values, depth, inText] = [0, 0, false];
  for (let i = 0; i < text.length; i++) {
    const byte = text[i];
    if (inText) {
      if (byte === BACKSLASH) i++;
      else if (byte === QUOTE) inText = false;
      continue;
    }
    if (byte === QUOTE) inText = true;
    else if (byte === COMMA) values++;
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      values++;
      depth++;
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth--;
    if (values > MAX_HEADER_VALUES || depth > MAX_HEADER_DEPTH) {
      throw new DataError(
        `${path}: not safetensors: its header holds more than ${MAX_HEADER_VALUES} values or is nested more than ${MAX_HEADER_DEPTH} deep`,
      );
    }
  }
}

// The bytes of " , [ \ ] { }
const [QUOTE, COMMA, OPEN_BRACKET, BACKSLASH, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE] = [
  34, 44, 91, 92, 93, 123, 125,
];

function parseJson(text: Uint8Array, path: string): Record<string, unknown> {
  checkStructure(text, path);
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(text));
  } catch (error) {
    throw new DataError(`${path}: the safetensors header is not JSON: ${(error as Error).message}`);
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw new DataError(`${path}: the safetensors header must be a JSON object`);
  }
  if (Object.hasOwn(json, "__proto__")) {
    throw new DataError(`${path}: the safetensors header names a tensor "__proto__", which is not accepted`);
  }
  return json as Record<string, unknown>;
}

function place(name: string, value: unknown, path: string): TensorPlace {
  const { dtype, shape, data_offsets } = checked(placeSchema, value, path, name);
  const [begin, end] = data_offsets;
  const needed = shape.reduce((product, side) => product * side, ITEM_BYTES[dtype] as number);
  if (end - begin !== needed) {
    const came = `its offsets [${begin}, ${end}] hold ${end - begin}`;
    throw new DataError(
      `${path}: tensor "${name}", ${dtype} of shape [${shape}], needs ${needed} bytes; ${came}`,
    );
  }
  return { dtype, shape, begin, end };
}

function checked<T>(schema: z.ZodType<T>, value: unknown, path: string, name: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const where = [name, ...issue.path].join(".");
  throw new DataError(`${path}: safetensors header, at ${where}: ${issue.message}`);
}

/** The tensors must follow one another from the first to the last byte of the data. */
function checkCover(places: ReadonlyMap<string, TensorPlace>, dataBytes: number, path: string): void {
  let next = 0;
  for (const [name, { begin, end }] of [...places].sort(
    ([, a], [, b]) => a.begin - b.begin || a.end - b.end,
  )) {
    if (begin !== next) {
      const fault = begin < next ? "overlaps the tensor before it" : "leaves a hole before it";
      throw new DataError(`${path}: tensor "${name}" ${fault}: it begins at byte ${begin}, not at ${next}`);
    }
    next = end;
  }
  if (next !== dataBytes) {
    const fault = dataBytes < next ? "truncated" : "too long";
    throw new DataError(
      `${path}: ${fault}: the tensors need ${next} bytes of data, the file holds ${dataBytes}`,
    );
  }
}
