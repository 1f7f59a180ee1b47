/** A client whose types are those of the operations; it runs in browsers and needs nothing but fetch. */
import type { z } from "zod";
import { ADDRESSES, API_ROOT, type Endpoint, partsOf } from "./addresses.ts";
import type { OPERATIONS, OperationSchema } from "./operations/index.ts";
import type { ProblemBody } from "./problem.ts";

export { ADDRESSES, type Endpoint } from "./addresses.ts";
export type { Answer, Input, OPERATIONS, OperationSchema } from "./operations/index.ts";

export interface ClientOptions {
  readonly key?: string;
  readonly fetch?: typeof fetch;
}

/** A problem that the service has answered with. */
export class ServiceError extends Error {
  override readonly name = "ServiceError";
  readonly status: number;
  readonly problem: ProblemBody | undefined;
  /** Of a 429 or 503. */
  readonly retryAfterSeconds: number | undefined;

  constructor(status: number, problem: ProblemBody | undefined, retryAfterSeconds: number | undefined) {
    super(problem?.detail ?? problem?.title ?? `the service answered ${status}`);
    this.status = status;
    this.problem = problem;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** What operations take and answer, by name. */
export type Operations = Readonly<Record<string, OperationSchema>>;

/** Every operation as a method: `client.verify({ a, b })`. */
export type ClientOf<O extends Operations> = {
  readonly [K in keyof O]: (
    input: z.input<O[K]["input"]>,
    options?: { signal?: AbortSignal },
  ) => Promise<z.output<O[K]["answer"]>>;
};
export type Client = ClientOf<typeof OPERATIONS>;

const reasonOf = ({ cause, message }: Error): string =>
  (cause instanceof Error && (cause.message || (cause as { code?: string }).code)) || message;

/** A client of the service at `base`: "http://127.0.0.1:8010", or "" in a page that it serves. */
export const createClient = (base: string, options?: ClientOptions): Client =>
  clientOf<typeof OPERATIONS>(ADDRESSES, base, options);

/** A client for the operations at `endpoints`. */
export function clientOf<O extends Operations>(
  endpoints: { readonly [K in keyof O]: Endpoint },
  base: string,
  { key, fetch: ask = fetch }: ClientOptions = {},
): ClientOf<O> {
  const call = async ([method, address]: Endpoint, input: Record<string, unknown>, signal?: AbortSignal) => {
    const rest = { ...input };
    let url = `${base}${API_ROOT}${address}`;
    for (const part of partsOf(address)) {
      url = url.replace(`:${part}`, encodeURIComponent(String(rest[part])));
      delete rest[part];
    }
    const headers: Record<string, string> = key === undefined ? {} : { "x-api-key": key };
    let body: string | undefined;
    if (method === "GET" || method === "DELETE") {
      const given = Object.entries(rest).filter(([, value]) => value !== undefined);
      if (given.length > 0)
        url += `?${new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)]))}`;
    } else {
      headers["content-type"] = "application/json";
      body = JSON.stringify(rest);
    }
    const response = await ask(url, { method, headers, body, signal }).catch((cause: Error) => {
      // "fetch failed" alone does not say where; a caller's own abort is passed on.
      throw cause instanceof TypeError
        ? new TypeError(`${url}: the service cannot be reached: ${reasonOf(cause)}`, { cause })
        : cause;
    });
    const json = await response.json().catch(() => undefined);
    if (response.ok) return json;
    const wait = Number(response.headers.get("retry-after") ?? Number.NaN);
    throw new ServiceError(
      response.status,
      json as ProblemBody | undefined,
      Number.isFinite(wait) ? wait : undefined,
    );
  };
  const methods = Object.entries<Endpoint>(endpoints).map(([name, endpoint]) => [
    name,
    (input: Record<string, unknown>, options?: { signal?: AbortSignal }) =>
      call(endpoint, input, options?.signal),
  ]);
  return Object.fromEntries(methods) as ClientOf<O>;
}
