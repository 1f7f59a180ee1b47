/**
 * JSON of strangers: size, depth and count are limited before it is parsed. JSON.parse blocks the thread that answers
 * everybody, for seconds where a body of megabytes is nothing but brackets.
 */
import type { FastifyInstance } from "fastify";
import { Problem } from "./problem.ts";

export const JSON_LIMITS = {
  /** Lists and objects within one another. */
  depth: 8,
  /** Strings, numbers, brackets, commas, ... */
  marks: 4_000,
  /** Bytes outside of strings. */
  outside: 65_536,
} as const;

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const OPENING = new Set([0x7b, 0x5b]);
const CLOSING = new Set([0x7d, 0x5d]);
const MARKS = new Set([0x2c, 0x3a]);

/** Refuses `bytes` that are beyond the limits; whether they are JSON at all is for the parser to say. */
export function checkJson(bytes: Buffer): void {
  let [depth, marks, outside] = [0, 0, 0];
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (++outside > JSON_LIMITS.outside) throw tooMuch("characters outside of texts", JSON_LIMITS.outside);
    if (byte === QUOTE) {
      at = endOfString(bytes, at + 1);
      marks++;
    } else if (OPENING.has(byte)) {
      marks++;
      if (++depth > JSON_LIMITS.depth) throw tooMuch("levels", JSON_LIMITS.depth);
    } else if (CLOSING.has(byte)) depth--;
    else if (MARKS.has(byte)) marks++;
    if (marks > JSON_LIMITS.marks) throw tooMuch("parts", JSON_LIMITS.marks);
  }
}

/** Where the string that begins at `from` ends: its quote, or the end of all where it has none. */
function endOfString(bytes: Buffer, from: number): number {
  for (let begin = from, quotes = 0; ; quotes++) {
    const quote = bytes.indexOf(QUOTE, begin);
    if (quote < 0) return bytes.length;
    if (quotes > JSON_LIMITS.marks) throw tooMuch("quotes in a text", JSON_LIMITS.marks);
    let escapes = 0;
    while (quote - escapes > from && bytes[quote - escapes - 1] === BACKSLASH) escapes++;
    if (escapes % 2 === 0) return quote;
    begin = quote + 1;
  }
}

const tooMuch = (what: string, most: number) =>
  new Problem(
    "bad-request",
    `The JSON has more than ${most} ${what}; no request of this service needs that.`,
  );

/** Has `app` read JSON within the limits. */
export function readJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser("error", "error"); // refuses __proto__ and constructor, too
  app.removeContentTypeParser("application/json");
  app.addContentTypeParser<Buffer>("application/json", { parseAs: "buffer" }, (request, body, done) => {
    try {
      checkJson(body);
    } catch (error) {
      return done(error as Error);
    }
    return parse(request, body.toString(), done);
  });
}
