/** Requests that were right once, broken in every way: what a service must survive. */
import { createRng, type Rng } from "../../src/base/random/index.ts";
import { ADDRESSES, API_ROOT, OPERATIONS, type Service } from "../../src/serve/service/index.ts";
import { STUDIO_ADDRESSES, STUDIO_OPERATIONS } from "../../src/serve/studio-api/index.ts";

export interface FuzzResult {
  readonly requests: number;
  /** How often each status was answered; 0 where the connection was cut, as on a broken body it may be. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Answers that must not be: 5xx but for 503, or a text that tells of the inside. */
  readonly failures: readonly string[];
}

const ENDPOINTS = { ...ADDRESSES, ...STUDIO_ADDRESSES };
const INPUTS = { ...OPERATIONS, ...STUDIO_OPERATIONS };
const LEAK = /node_modules|\bat .+:\d+:\d+|\/home\/|\/root\/|ENOENT|SQLITE/;
const ODD = [
  "",
  " ",
  "\u0000",
  "null",
  "-1",
  "1e309",
  "../../etc/passwd",
  "%00",
  "ÿ".repeat(300),
  "'; drop table people; --",
  "<script>",
];
const ODD_JSON: readonly unknown[] = [
  null,
  true,
  -1,
  1e300,
  [],
  {},
  { toString: 1 },
  "x".repeat(5_000),
  [[[]]],
  { __proto__: null },
];
const AT_ONCE = 8;

/** Sends `requests` broken requests to `service`; `picture` is a file that is right. */
export async function fuzz(
  { url }: Service,
  picture: Uint8Array,
  { requests, seed }: { requests: number; seed: number },
): Promise<FuzzResult> {
  const rng = createRng(seed);
  const statuses: Record<string, number> = {};
  const failures: string[] = [];
  const one = async (index: number) => {
    const request = broken(rng.fork(`request ${index}`), picture);
    const told = `${index}: ${request.init.method} ${request.path.slice(0, 120)}`;
    try {
      const response = await fetch(`${url}${API_ROOT}${request.path}`, {
        ...request.init,
        signal: AbortSignal.timeout(60_000),
      });
      const type = response.headers.get("content-type") ?? "";
      const body = Buffer.from(await response.arrayBuffer());
      const text = /json|text/.test(type) ? body.toString() : "";
      statuses[response.status] = (statuses[response.status] ?? 0) + 1;
      if (response.status >= 500 && response.status !== 503)
        failures.push(`${told}: ${response.status} ${text}`);
      if (response.status >= 400 && LEAK.test(text)) failures.push(`${told}: tells ${text.slice(0, 300)}`);
    } catch (error) {
      const { name, cause } = error as Error;
      statuses[0] = (statuses[0] ?? 0) + 1;
      if (name === "TimeoutError") failures.push(`${told}: no answer (${String(cause)})`);
    }
  };
  for (let first = 0; first < requests; first += AT_ONCE) {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, requests - first) }, (_, k) => one(first + k)));
  }
  return { requests, statuses, failures };
}

const pick = <T>(rng: Rng, list: readonly T[]): T => list[rng.integer(list.length)];

/** One operation's request with something wrong in its address, its fields, its picture or its form. */
function broken(rng: Rng, picture: Uint8Array): { path: string; init: RequestInit } {
  const operation = pick(rng, Object.keys(ENDPOINTS) as (keyof typeof ENDPOINTS)[]);
  const [method, address] = ENDPOINTS[operation];
  const path = address.replace(/:\w+/g, () =>
    encodeURIComponent(pick(rng, [...ODD.slice(2), "Ann", "1", "person-0001"])),
  );
  const wrongMethod = rng.uniform() < 0.05 ? pick(rng, ["PUT", "POST", "DELETE", "PATCH", "GET"]) : method;
  if (wrongMethod === "GET" || wrongMethod === "DELETE") {
    const query =
      rng.uniform() < 0.5
        ? `?${pick(rng, ["limit", "after", "x", "face"])}=${encodeURIComponent(pick(rng, ODD))}`
        : "";
    return { path: path + query, init: { method: wrongMethod } };
  }
  const known = INPUTS[operation].input.shape;
  const all = fieldsFor(rng, picture);
  const strange = rng.uniform() < 0.15; // fields of other operations are refused at the door: few get them
  const fields = Object.fromEntries(
    Object.entries(all).filter(
      ([name]) => strange || (Object.hasOwn(known, name) && !address.includes(`:${name}`)),
    ),
  );
  const kind = rng.uniform();
  if (kind < 0.5) return { path, init: { method: wrongMethod, ...jsonOf(rng, fields) } };
  if (kind < 0.9) return { path, init: { method: wrongMethod, body: formOf(rng, fields) } };
  const headers = {
    "content-type": pick(rng, [
      "multipart/form-data",
      "multipart/form-data; boundary=x",
      "text/plain",
      "application/json; charset=utf-16",
      "x",
    ]),
  };
  return { path, init: { method: wrongMethod, headers, body: mutated(rng, picture).slice(0, 2_000) } };
}

function fieldsFor(rng: Rng, picture: Uint8Array): Record<string, unknown> {
  const image = () => (rng.uniform() < 0.7 ? mutated(rng, picture) : picture);
  const fields: Record<string, unknown> = {
    image: image(),
    a: image(),
    b: image(),
    pixels: rng.uniform() < 0.7 ? noise(rng, 88 * 104 * 3) : image(),
    features: rng.uniform() < 0.7 ? floats(rng, 1_024) : image(),
    aligned: rng.uniform() < 0.9,
    name: pick(rng, ["Bea", ...ODD]),
    into: pick(rng, ["Bea", ...ODD]),
    person: pick(rng, ["Ann", ...ODD]),
  };
  const odd = pick(rng, [
    "image",
    "a",
    "aligned",
    "face",
    "top",
    "falseAcceptRate",
    "person",
    "name",
    "into",
    "crop",
    "__proto__",
    "constructor",
  ]);
  if (rng.uniform() < 0.3) fields[odd] = pick(rng, ODD_JSON);
  for (const name of Object.keys(fields)) if (rng.uniform() < 0.1) delete fields[name];
  return fields;
}

function jsonOf(rng: Rng, fields: Record<string, unknown>): RequestInit {
  const plain = Object.entries(fields).map(([name, value]) => [
    name,
    value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value,
  ]);
  let body = JSON.stringify(Object.fromEntries(plain));
  if (rng.uniform() < 0.2) body = body.slice(0, rng.integer(body.length + 1));
  return { headers: { "content-type": "application/json" }, body };
}

function formOf(rng: Rng, fields: Record<string, unknown>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (value instanceof Uint8Array)
      form.append(name, new Blob([Uint8Array.from(value)]), pick(rng, ["a.jpg", "../../x", "ÿ\r\n"]));
    else form.append(name, String(JSON.stringify(value)));
    if (rng.uniform() < 0.05) form.append(name, "again");
  }
  return form;
}

const noise = (rng: Rng, length: number) => Uint8Array.from({ length }, () => rng.integer(256));

/** Float32 numbers as bytes, now and then one that is none or far too large. */
function floats(rng: Rng, length: number): Uint8Array {
  const values = Float32Array.from({ length }, () => Math.max(0, rng.normal()));
  if (rng.uniform() < 0.5)
    values[rng.integer(length)] = pick(rng, [Number.NaN, Number.POSITIVE_INFINITY, 3e38, -1]);
  return new Uint8Array(values.buffer);
}

/** The file with bytes changed, cut off or put in. */
function mutated(rng: Rng, file: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = Uint8Array.from(file);
  const cut = rng.uniform() < 0.3 ? rng.integer(bytes.length) : bytes.length;
  const changes = rng.integer(12);
  for (let k = 0; k < changes; k++)
    bytes[rng.uniform() < 0.5 ? rng.integer(64) : rng.integer(bytes.length)] = rng.integer(256);
  return bytes.slice(0, cut);
}
