/** Who may ask: API keys and their scopes, and no foreign web page through the browser of somebody who may. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { type ApiKey, allows, findKey, type Scope, watchKeys } from "./keys.ts";
import { Problem } from "./problem.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** What a key must be allowed; "open" asks for none. Default: read. */
    scope?: Scope | "open";
  }
  interface FastifyRequest {
    /** The key that the request came with, where keys are asked for. */
    apiKey?: ApiKey;
  }
}

export interface GuardOptions {
  /** File of API keys. On loopback everybody may do everything until there is such a file. */
  readonly keysFile?: string;
  /** Whether a key is asked for even where there is no such file. */
  readonly keysNeeded?: boolean;
  /** Web pages, by origin ("https://photos.example"), that may call from a browser. */
  readonly origins?: readonly string[];
  /** Whether the service listens on this machine alone. */
  readonly loopback: boolean;
  readonly now: () => Date;
}

/** Refuses requests to `app` that a foreign page has a browser make. */
export function refuseForeignPages(
  app: FastifyInstance,
  { origins = [], loopback }: Pick<GuardOptions, "origins" | "loopback">,
): void {
  app.addHook("onRequest", async (request) => {
    checkHost(request);
    checkOrigin(request, origins, loopback);
  });
}

/** Checks the key of each request to `app` before its body is read, and after its client was found to ask not too often. */
export function requireKeys(
  app: FastifyInstance,
  { keysFile, keysNeeded = false, loopback, now }: GuardOptions,
): void {
  const needed = keysNeeded || !loopback;
  const ringNow =
    keysFile === undefined ? async () => ({ keys: [], needed }) : watchKeys(keysFile, { needed });
  app.addHook("preParsing", async (request) => {
    const scope = request.routeOptions.config.scope ?? "read";
    if (scope === "open") return;
    const ring = await ringNow();
    if (!ring.needed) return;
    const key = findKey(ring.keys, tokenOf(request), now());
    if (!key)
      throw new Problem("unauthorised", "Send a valid key as x-api-key, or as Authorization: Bearer.");
    request.apiKey = key;
    if (!allows(key.scope, scope)) {
      throw new Problem("forbidden", `This needs a key of scope ${scope}; this one has ${key.scope}.`);
    }
  });
}

function tokenOf({ headers }: FastifyRequest): string {
  const key = headers["x-api-key"];
  if (typeof key === "string") return key;
  return /^Bearer (.+)$/i.exec(headers.authorization ?? "")?.[1] ?? "";
}

/** Which of two hosts a request is for, the parts on its way could see differently (RFC 9112, 3.2). */
function checkHost({ raw }: FastifyRequest): void {
  const hosts = raw.rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === "host").length;
  if (hosts > 1 || (hosts === 0 && raw.httpVersion !== "1.0")) {
    throw new Problem("bad-request", `A request names its host once; this one has ${hosts}.`);
  }
}

const LOCAL = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/;

/**
 * A page of another site could use a visitor's browser to reach a service on loopback, or behind a firewall: by a form,
 * or by a name of its own that it lets point here. Browsers name the page in Origin and the name used in Host.
 */
function checkOrigin({ headers }: FastifyRequest, origins: readonly string[], loopback: boolean): void {
  const { origin, host = "" } = headers;
  if (loopback && !LOCAL.test(host)) {
    throw new Problem(
      "forbidden",
      "This service answers to localhost only; that is not the name it was called by.",
    );
  }
  const own = origin === undefined || origin === `http://${host}` || origin === `https://${host}`;
  if (!own && !origins.includes(origin)) {
    throw new Problem(
      "forbidden",
      "Web pages of other sites may not call this service (see --allow-origin).",
    );
  }
}
