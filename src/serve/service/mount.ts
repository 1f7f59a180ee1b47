/** Puts the operations on the addresses: checks what comes in, answers, and writes the audit log. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { type Endpoint, partsOf } from "./addresses.ts";
import type { AuditLog } from "./audit.ts";
import type { Operations } from "./client.ts";
import { bodyLimit, fromText } from "./form.ts";
import type { ServiceLimits } from "./limits.ts";
import type { OPERATIONS, OperationSchema } from "./operations/index.ts";
import { forLog, Problem, problems, statusOf } from "./problem.ts";

/** What is known of a request besides its input. */
export interface Call {
  /** Number of the request. */
  readonly id: string;
  /** Gives up when the client has gone. */
  readonly signal: AbortSignal;
  /** For the audit log: ids of the people and faces touched. */
  touch(what: Touched): void;
  /**
   * Makes a change, once the audit log has on disk that it is about to be made. What fails afterwards does not make
   * its answer a failure.
   */
  change<T>(what: Touched, make: () => Promise<T>): Promise<T>;
}

/** Ids of people and faces. */
export interface Touched {
  readonly people?: readonly string[];
  readonly faces?: readonly string[];
}

/** What answers the operations of a table. */
export type HandlersOf<O extends Operations> = {
  readonly [K in keyof O]?: (
    input: z.output<O[K]["input"]>,
    call: Call,
  ) => Promise<Given<O[K]>> | Given<O[K]>;
};
export type Handlers = HandlersOf<typeof OPERATIONS>;

type Given<S extends OperationSchema> = Unchanging<z.input<S["answer"]>>;
/** The same, all of it readonly. */
type Unchanging<T> = T extends object ? { readonly [P in keyof T]: Unchanging<T[P]> } : T;

/** An operation with its address, and what answers it. */
export interface HandledOperation {
  readonly name: string;
  readonly endpoint: Endpoint;
  readonly schema: OperationSchema;
  handle(input: unknown, call: Call): unknown;
}

/** The operations of a table that have a handler. */
export function handled<O extends Operations>(
  operations: O,
  endpoints: { readonly [K in keyof O]: Endpoint },
  handlers: HandlersOf<O>,
): HandledOperation[] {
  return Object.entries(handlers).map(([name, handle]) => ({
    name,
    endpoint: endpoints[name],
    schema: operations[name],
    handle: handle as HandledOperation["handle"], // its input was checked by `schema`
  }));
}

export interface MountOptions {
  readonly limits: ServiceLimits;
  readonly audit: AuditLog;
}

/** Adds a route for `operation` to `app`. */
export function mount(
  app: FastifyInstance,
  { name: operation, endpoint: [method, url], schema, handle }: HandledOperation,
  { limits, audit }: MountOptions,
): void {
  const { input, answer, scope, pictures = [], audited = false, ...about } = schema;
  const parts = Object.fromEntries(partsOf(url).map((part) => [part, true as const])) as Record<never, true>;
  const rest = z.strictObject(input.omit(parts).shape);
  const asked = method === "GET" || method === "DELETE";
  const hasRest = Object.keys(rest.shape).length > 0;
  app.route({
    method,
    url,
    config: { scope, ...(pictures.length > 0 && { form: rest, pictures: pictures.length }) },
    bodyLimit: bodyLimit(pictures.length, limits.maxBytes),
    schema: {
      operationId: operation,
      summary: about.summary,
      description: about.description,
      tags: [about.tag],
      ...(pictures.length > 0 && { consumes: ["application/json", "multipart/form-data"] }),
      ...(Object.keys(parts).length > 0 && { params: input.pick(parts) }),
      ...(hasRest && (asked ? { querystring: rest } : { body: rest })),
      response: { 200: answer, ...problems(...codesOf(parts, pictures)) },
    },
    preValidation: async (request) => {
      for (const texts of [request.params, request.query] as Record<string, unknown>[]) {
        for (const [name, value] of Object.entries(texts)) {
          if (Object.hasOwn(input.shape, name) && typeof value === "string")
            texts[name] = fromText(input.shape[name] as z.ZodType, value);
        }
      }
    },
    async handler(request, reply) {
      const given = {
        ...(asked ? (request.query as object) : (request.body as object)),
        ...(request.params as object),
      };
      const log = auditOf(request, { audit, operation, audited });
      const call = { id: request.id, signal: goneSignal(reply), touch: log.touch, change: log.change };
      let result: unknown;
      try {
        result = await handle(given, call);
      } catch (error) {
        await log.ended(statusOf(error));
        throw error;
      }
      await log.ended(200);
      return result;
    },
  });
}

/** The lines of one request in the audit log. */
function auditOf(
  request: FastifyRequest,
  { audit, operation, audited }: { audit: AuditLog; operation: string; audited: boolean },
) {
  const touched: Touched = {};
  let changing = false;
  const line = () => ({
    request: request.id,
    key: request.apiKey?.id ?? null,
    action: operation,
    ...touched,
  });
  const touch = (what: Touched) => void Object.assign(touched, what);
  const unwritten = (cause: unknown) =>
    new Problem("unavailable", "The audit log cannot be written; nothing was done.", {
      retryAfterSeconds: 30,
      cause,
    });
  return {
    touch,
    async change<T>(what: Touched, make: () => Promise<T>): Promise<T> {
      touch(what);
      await audit.write(line(), { durable: true }).catch((cause) => {
        throw unwritten(cause);
      });
      changing = true;
      return make();
    },
    /** The line that says how it was answered. Where nothing was changed, nothing is told that was not written. */
    async ended(status: number): Promise<void> {
      if (!audited) return;
      try {
        await audit.write({ ...line(), status });
      } catch (cause) {
        if (!changing && status === 200) throw unwritten(cause);
        request.log.error(forLog(cause), "the audit log cannot be written");
      }
    },
  };
}

const codesOf = (parts: object, pictures: readonly string[]) => [
  ...(Object.keys(parts).length > 0 ? [404 as const, 409 as const] : []),
  ...(pictures.length > 0 ? [413 as const, 422 as const] : []),
];

/** Aborted when the client has hung up before it was answered. */
function goneSignal({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController();
  raw.once("close", () => {
    if (!raw.writableFinished) gone.abort();
  });
  return gone.signal;
}
