/** Failures as problem+json (RFC 9457): what was wrong and how to do it right, never a stack trace or a path of this machine. */
import type { Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import { z } from "zod";
import { DataError, InputError } from "../../base/errors/index.ts";
import { systemReason } from "../../base/files/index.ts";

export const ProblemSchema = z
  .object({
    type: z.string().describe("What kind of problem: a name that programs can tell apart."),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional().describe("What happened this time, for people."),
    instance: z.string().optional().describe("The number of the request, as in the service's log."),
    reason: z.string().optional().describe("Why a picture gives no answer: no-face, several-faces, ..."),
    errors: z
      .array(z.object({ at: z.string(), message: z.string() }))
      .optional()
      .describe("What is wrong with the request, field by field."),
  })
  .meta({ id: "Problem" });

export type ProblemBody = z.infer<typeof ProblemSchema>;

/** The kinds of problems that this service knows. */
const KINDS = {
  "bad-request": [400, "Malformed request"],
  unauthorised: [401, "An API key is needed"],
  forbidden: [403, "This is not allowed"],
  "not-found": [404, "Not found"],
  conflict: [409, "Conflict with the current state"],
  "too-large": [413, "The request is too large"],
  "unsupported-type": [415, "Unsupported content type"],
  "unreadable-picture": [422, "The picture cannot be read"],
  "no-answer": [422, "The picture gives no answer"],
  "too-many-requests": [429, "Too many requests"],
  bug: [500, "Internal error"],
  unavailable: [503, "The service cannot answer now"],
} as const satisfies Record<string, readonly [number, string]>;

export type ProblemKind = keyof typeof KINDS;

/** A failure that the client is told about. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly kind: ProblemKind;
  readonly retryAfterSeconds?: number;
  readonly errors?: ProblemBody["errors"];
  readonly reason?: string;

  constructor(
    kind: ProblemKind,
    detail: string,
    more: {
      retryAfterSeconds?: number;
      errors?: ProblemBody["errors"];
      reason?: string;
      cause?: unknown;
    } = {},
  ) {
    super(detail, { cause: more.cause });
    this.kind = kind;
    this.retryAfterSeconds = more.retryAfterSeconds;
    this.errors = more.errors;
    this.reason = more.reason;
  }
}

/**
 * What the recognizer says of a picture or of what is asked of it, as the client is told it. Only of these failures: the
 * same classes of a lost gallery or a damaged file are the service's own, and name places that are nobody's business.
 */
export function aboutPicture(error: unknown): unknown {
  if (error instanceof InputError) return new Problem("bad-request", error.message);
  if (error instanceof DataError) return new Problem("unreadable-picture", error.message);
  return error;
}

/** A failure for the log: in words where the system refused something, with its stack where it may be a bug. */
export function forLog(error: unknown): { reason: string } | { err: unknown } {
  const reason = systemReason(error);
  return reason === undefined ? { err: error } : { reason };
}

/** Makes every failure of `app` a problem; what the client is not told of goes to the log. */
export function answerWithProblems(app: FastifyInstance): void {
  app.setErrorHandler((error: unknown, request, reply) => {
    const problem = problemOf(error);
    if (problem.kind === "bug" || problem.cause)
      request.log.error(forLog(problem.cause ?? error), problem.kind);
    return sendProblem(problem, request, reply);
  });
  app.setNotFoundHandler((request, reply) =>
    sendProblem(
      new Problem("not-found", "No such address, or not by this method: see /api/v1/docs."),
      request,
      reply,
    ),
  );
}

/** What the router refuses before any hook: addresses that are no addresses. For Fastify's `frameworkErrors`. */
export function answerFrameworkError(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const { statusCode = 400 } = error;
  const problem =
    statusCode < 500 ? new Problem("bad-request", "The address cannot be read.") : problemOf(error);
  void sendProblem(problem, request, reply.headers(BARE_HEADERS));
}

/** What every answer carries, also one that no hook sees. */
const BARE_HEADERS = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none';frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
} as const;

/** What is no HTTP, or came too slowly. For Fastify's `clientErrorHandler`. A client that has gone is told nothing. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) return void socket.destroy();
  const { status, reason, headers, body } = bareProblem(error.code ?? "");
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${reason}\r\n${lines.join("")}\r\n${body}`);
}

/** What Node would answer by itself, without a body: tunnels, and expectations that nobody knows. */
export function answerUnmet(server: Server): void {
  server.on("connect", (_, socket: Socket) =>
    answerClientError(Object.assign(new Error(), { code: "CONNECT" }), socket),
  );
  server.on("checkExpectation", (_, response: ServerResponse) => {
    const { status, headers, body } = bareProblem("EXPECT");
    response.writeHead(status, headers).end(body);
  });
}

function bareProblem(code: string) {
  const [status, reason, detail] = CLIENT_ERRORS[code] ?? CLIENT_ERRORS.HPE;
  const body = JSON.stringify({ type: "urn:deepid:bad-request", title: reason, status, detail });
  const headers = {
    ...BARE_HEADERS,
    "content-type": CONTENT_TYPE,
    "content-length": String(Buffer.byteLength(body)),
    connection: "close",
  };
  return { status, reason, headers, body };
}

const CLIENT_ERRORS: Readonly<Record<string, readonly [number, string, string]>> = {
  HPE: [400, "Bad Request", "What was sent is no HTTP request."],
  HPE_HEADER_OVERFLOW: [431, "Request Header Fields Too Large", "The headers are too long."],
  ERR_HTTP_REQUEST_TIMEOUT: [408, "Request Timeout", "The request did not come in time."],
  CONNECT: [405, "Method Not Allowed", "This service is no proxy."],
  EXPECT: [417, "Expectation Failed", "Of what a request may expect, only 100-continue is known."],
};

const CONTENT_TYPE = "application/problem+json; charset=utf-8";

function sendProblem(problem: Problem, request: FastifyRequest, reply: FastifyReply) {
  const [status, title] = KINDS[problem.kind];
  const { message: detail, errors, reason, retryAfterSeconds } = problem;
  if (retryAfterSeconds !== undefined) reply.header("retry-after", String(Math.ceil(retryAfterSeconds)));
  if (status === 401) reply.header("www-authenticate", "Bearer");
  const body: ProblemBody = {
    type: `urn:deepid:${problem.kind}`,
    title,
    status,
    detail,
    instance: request.id,
  };
  if (errors) body.errors = errors;
  if (reason) body.reason = reason;
  return reply.code(status).header("content-type", CONTENT_TYPE).serializer(JSON.stringify).send(body);
}

/** The HTTP status that a failure is answered with. */
export const statusOf = (error: unknown): number => KINDS[problemOf(error).kind][0];

function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    const errors = error.validation.map(({ instancePath, message = "" }) => ({
      at: `${error.validationContext ?? "body"}${instancePath}`,
      message,
    }));
    return new Problem("bad-request", "Some fields are not what they should be.", { errors });
  }
  const { statusCode = 500, message, code } = error as FastifyError;
  if (GONE.has(code)) return new Problem("bad-request", "The client disconnected.");
  const kind = statusCode < 500 ? kindOf(statusCode) : undefined;
  if (kind) return new Problem(kind, message);
  if (statusCode === 503)
    return new Problem("unavailable", "The service is stopping.", { retryAfterSeconds: 5 });
  return new Problem("bug", "It has been written to the service's log, under the number of this request.");
}

/** What reading a request ends with when its client hangs up. */
const GONE: ReadonlySet<string> = new Set(["ECONNRESET", "EPIPE", "ERR_STREAM_PREMATURE_CLOSE"]);

/** The kind of a failure that the HTTP layer has found. */
function kindOf(status: number): ProblemKind {
  const found = Object.entries(KINDS).find(([, [known]]) => known === status);
  return found ? (found[0] as ProblemKind) : "bad-request";
}

const described = (description: string) => ({
  description,
  content: { "application/problem+json": { schema: ProblemSchema } },
});

/** The failures that a route can answer with, for its schema. */
export const PROBLEMS = {
  400: described("Not understood."),
  401: described("No API key, or one that is not valid."),
  403: described("The key's scopes do not allow it, or the request comes from a foreign page."),
  404: described("No such person or face."),
  409: described("Contradicts what is there."),
  413: described("Too large."),
  415: described("A type of content that is not taken, or compressed."),
  422: described("The picture cannot be read, or shows no face that gives an answer."),
  429: described("Too many requests; see Retry-After."),
  500: described("A mistake of the service."),
  503: described("Cannot answer now; see Retry-After."),
} as const;

/** Those of `PROBLEMS` with these numbers, besides those that every route has. */
export function problems(...codes: readonly (keyof typeof PROBLEMS)[]) {
  const all = new Set([400, 401, 403, 415, 429, 500, 503, ...codes] as const);
  return Object.fromEntries([...all].map((code) => [code, PROBLEMS[code]])) as unknown as Partial<
    typeof PROBLEMS
  >;
}
