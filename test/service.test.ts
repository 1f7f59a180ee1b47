import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Validator } from "@seriousme/openapi-schema-validator";
import type { OpenAPIV3_1 } from "openapi-types";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import {
  type Answer,
  createClient,
  createKey,
  type Service,
  type ServiceError,
  verifyAuditLog,
} from "../src/serve/service/index.ts";
import { createStudioClient, type StudioClient } from "../src/serve/studio-api/index.ts";
import { startTestService, syntheticFace } from "./support/service.ts";

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 }); // services open nets
const MAX_BYTES = 200_000;
let folder: string;
let service: Service;
let client: StudioClient;
/** Two pictures of one synthetic person, and one of another, as base64. */
let ann: string;
let annAgain: string;
let bob: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "service-"));
  service = await startTestService({
    auditFile: join(folder, "audit.jsonl"),
    limits: { requestsPerMinute: 100_000, maxBytes: MAX_BYTES, maxPixels: 1_000_000 },
  });
  client = createStudioClient(service.url);
  const faces = ["person-0002_2", "person-0002_5", "person-0003_3"];
  [ann, annAgain, bob] = await Promise.all(
    faces.map(async (face) => (await syntheticFace(service, face)).toString("base64")),
  );
});
afterAll(async () => {
  await service?.close();
  await rm(folder, { recursive: true });
});

const aligned = true;
const post = (path: string, body: string | FormData, headers: Record<string, string> = {}) =>
  fetch(`${service.url}/api/v1${path}`, { method: "POST", body, headers });
const json = (path: string, body: unknown) =>
  post(path, JSON.stringify(body), { "content-type": "application/json" });

interface Problem {
  readonly type: string;
  readonly status: number;
  readonly detail: string;
  readonly errors: readonly { readonly at: string }[];
}

/** What the client is told, which must be a problem of this status. */
async function problemOf(response: Response, status: number) {
  const problem = (await response.json()) as Problem;
  expect(problem, JSON.stringify(problem)).toMatchObject({ status });
  expect(response.status).toBe(status);
  expect(response.headers.get("content-type")).toMatch(/^application\/problem\+json/);
  expect(JSON.stringify(problem)).not.toMatch(/\bat .*\.[jt]s:|node_modules|\/home\/|\/tmp\//);
  return problem;
}
const refusal = (promise: Promise<unknown>): Promise<ServiceError> =>
  promise.then(
    () => Promise.reject(new Error("was answered")),
    (error) => error as ServiceError,
  );

test("the OpenAPI document of all operations is valid", async () => {
  const document = (await (await fetch(`${service.url}/api/v1/openapi.json`)).json()) as OpenAPIV3_1.Document;
  expect(await new Validator().validate(document as object as Record<string, unknown>)).toMatchObject({
    valid: true,
  });
  expect(Object.keys(document.paths ?? {})).toContain("/api/v1/people/{person}/faces");
  const body = document.paths?.["/api/v1/verify"]?.post?.requestBody as OpenAPIV3_1.RequestBodyObject;
  const form = body.content["multipart/form-data"].schema as OpenAPIV3_1.SchemaObject;
  expect(form.properties?.a).toMatchObject({ type: "string", format: "binary" });
});

test("two pictures of one person are told from two of two, by JSON and by form alike", async () => {
  const same = await client.verify({ a: ann, b: annAgain, aligned });
  const other = await client.verify({ a: ann, b: bob, aligned });
  expect(same.samePerson).toBe(true);
  expect(same.score).toBeGreaterThan(other.score);
  expect(same.threshold).toMatchObject({ point: "balanced", falseAcceptRate: 0.0033 }); // 66 of 20,000
  const strict = await client.verify({ a: ann, b: annAgain, aligned, point: "strict" });
  expect(strict.threshold).toMatchObject({ point: "strict", falseAcceptRate: 0.001 });
  expect(strict.threshold.score).toBeGreaterThan(same.threshold.score);
  const form = new FormData();
  for (const [name, face] of [
    ["a", ann],
    ["b", annAgain],
  ])
    form.set(name, new Blob([Buffer.from(face, "base64")]));
  form.set("aligned", "true");
  form.set("falseAcceptRate", "0.05");
  const byForm = (await (await post("/verify", form)).json()) as Answer<"verify">;
  expect(byForm.score).toBe(same.score);
  expect(byForm.threshold.score).toBeLessThan(same.threshold.score);
});

test("a compressed body is refused, and what is taken is said; identity is no compression", async () => {
  const body = JSON.stringify({ image: ann, aligned });
  const send = (encoding: string, content: string | Uint8Array<ArrayBuffer>) =>
    fetch(`${service.url}/api/v1/represent`, {
      method: "POST",
      body: content,
      headers: { "content-type": "application/json", "content-encoding": encoding },
    });
  expect((await send("identity", body)).status).toBe(200);
  for (const [encoding, content] of [
    ["gzip", new Uint8Array(gzipSync(body))],
    ["br", body], // also where it is not true
  ] as const) {
    const answer = await send(encoding, content);
    expect(answer.headers.get("accept-encoding")).toBe("identity");
    expect((await problemOf(answer, 415)).detail).toContain(`got "${encoding}"`);
  }
});

test("the features of a face are answered with its code, and the crop where it is asked for", async () => {
  const plain = await client.represent({ image: ann, aligned });
  expect(plain.features).toHaveLength(1024);
  expect(plain.code).toMatch(/^[0-9a-f]{128}$/);
  expect(plain.crop).toBeUndefined();
  const { crop } = await client.represent({ image: ann, aligned, crop: true });
  expect(Buffer.from(crop!, "base64").subarray(1, 4).toString()).toBe("PNG");
});

test("people are registered, found, corrected, renamed, merged and erased with a receipt", async () => {
  const kept = await client.register({ person: "Änn", image: ann, aligned, thumbnail: true });
  expect(kept).toMatchObject({ person: { name: "Änn" }, created: true });
  await client.register({ person: "Bob", image: bob, aligned, thumbnail: true });
  const wrong = await client.register({ person: "Bob", image: annAgain, aligned, thumbnail: true });

  const found = await client.identify({ image: ann, aligned });
  expect(found.candidates.map(({ person }) => person.name).sort()).toEqual(["Bob", "Änn"].sort());
  const { hits } = await client.search({ image: ann, aligned, top: 1 });
  expect(hits).toMatchObject([{ faceId: kept.faceId, person: { name: "Änn" }, hammingDistance: 0 }]);
  const thumbnail = await fetch(`${service.url}/api/v1/faces/${kept.faceId}/thumbnail`);
  expect(thumbnail.headers.get("content-type")).toBe("image/png");

  const moved = await client.moveFace({ face: wrong.faceId, person: "Änn" });
  expect(moved).toMatchObject({ face: wrong.faceId, person: { name: "Änn", faces: 2 } });
  expect((await refusal(client.moveFace({ face: 99, person: "Änn" }))).status).toBe(404);
  expect((await client.getPerson({ person: "Änn" })).faces.map(({ id }) => id)).toEqual([
    kept.faceId,
    moved.face,
  ]);
  expect((await client.identify({ image: annAgain, aligned })).person?.name).toBe("Änn");

  expect(await client.renamePerson({ person: "Bob", name: "Robert" })).toMatchObject({
    name: "Robert",
    faces: 1,
  });
  expect((await refusal(client.renamePerson({ person: "Robert", name: "Änn" }))).status).toBe(409);
  expect(await client.mergePeople({ person: "Robert", into: "Änn" })).toMatchObject({
    person: { faces: 3 },
    faces: 1,
  });
  expect((await client.listPeople({})).people.map(({ name }) => name)).toEqual(["Änn"]);

  const receipt = await client.removePerson({ person: "Änn" });
  expect(receipt).toMatchObject({ person: "Änn", personRemoved: true, codes: 3, vectors: 3, thumbnails: 3 });
  expect(receipt.checks.length).toBeGreaterThan(0);
  expect((await client.listPeople({})).totals).toEqual({ people: 0, faces: 0 });
  expect((await refusal(client.getPerson({ person: "Änn" }))).status).toBe(404);
  expect((await refusal(client.removeFace({ face: kept.faceId }))).status).toBe(404);
});

test("the audit log says who did what to whom, and holds no names, features or pictures", async () => {
  const { person } = await client.register({ person: "Secret Name", image: ann, aligned });
  await client.removePerson({ person: "Secret Name" });
  const text = await readFile(join(folder, "audit.jsonl"), "utf8");
  const lines = text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const [before, registered, beforeRemoval] = lines.slice(-4);
  expect(before).toMatchObject({ action: "register", key: null });
  expect(before.status).toBeUndefined(); // it was about to be done
  expect(registered).toMatchObject({
    action: "register",
    status: 200,
    request: before.request,
    people: [String(person.id)],
  });
  expect(beforeRemoval).toMatchObject({ action: "removePerson", people: [String(person.id)] });
  expect(lines.at(-1)).toMatchObject({ action: "removePerson", status: 200, people: [String(person.id)] });
  expect(text).not.toMatch(/Secret|features|code|base64/);
  expect((await verifyAuditLog(join(folder, "audit.jsonl"))).broken).toBeNull();
  await refusal(client.removePerson({ person: "Nobody" }));
  const refused = (await readFile(join(folder, "audit.jsonl"), "utf8")).trim().split("\n").at(-1)!;
  expect(JSON.parse(refused)).toMatchObject({ action: "removePerson", status: 404 });
});

test("what is no picture is told so: empty, text, cut off, an address, a path", async () => {
  const whole = Buffer.from(ann, "base64");
  const bad = {
    "cut off": whole.subarray(0, 2_000).toString("base64"),
    text: Buffer.from("not a picture, but long enough to be taken for one").toString("base64"),
    svg: Buffer.from(
      "<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>",
    ).toString("base64"),
  };
  for (const image of Object.values(bad)) {
    expect((await problemOf(await json("/represent", { image, aligned }), 422)).type).toBe(
      "urn:deepid:unreadable-picture",
    );
  }
  for (const image of ["http://127.0.0.1/a.jpg", "../../etc/passwd", "file:///etc/passwd", "", "%%%"]) {
    await problemOf(await json("/represent", { image, aligned }), 400);
  }
});

test("a photo is refused with the reason where nothing can find faces", async () => {
  const photo = await sharp(Buffer.from(ann, "base64")).resize(100, 120).png().toBuffer();
  const { detail } = await problemOf(await json("/represent", { image: photo.toString("base64") }), 400);
  expect(detail).toMatch(/no face detector/);
  const crop = await json("/represent", { image: ann }); // of the aligned size: taken for what it is
  expect(await crop.json()).toMatchObject({ face: { source: "aligned" } });
});

test("the default detector works in a thread of a worker's", async () => {
  const seeing = await startTestService({ locator: "default" });
  try {
    const { picture } = await createClient(seeing.url).locate({ image: ann, crops: true });
    expect(picture).toEqual({ width: 88, height: 104 });
  } finally {
    await seeing.close();
  }
});

test("requests that are not what they should be are told which field", async () => {
  const { errors } = await problemOf(
    await json("/verify", { a: ann, b: bob, aligned: "false", falseAcceptRate: 2 }),
    400,
  );
  expect(errors.map(({ at }) => at).sort()).toEqual(["body/aligned", "body/falseAcceptRate"]);
  await problemOf(await json("/verify", { a: ann }), 400);
  await problemOf(await json("/represent", { image: ann, aligned, path: "/etc/passwd" }), 400);
  await problemOf(await post("/represent", "{", { "content-type": "application/json" }), 400);
  await problemOf(await post("/represent", "<a/>", { "content-type": "application/xml" }), 415);
  await problemOf(await fetch(`${service.url}/api/v1/people?limit=0`), 400);
  await problemOf(await fetch(`${service.url}/api/v1/faces/abc`, { method: "DELETE" }), 400);
  const form = new FormData();
  form.set("image", new Blob([Buffer.from(ann, "base64")]));
  form.set("aligned", "false please"); // text is not true
  await problemOf(await post("/represent", form), 400);
});

test("what is too large is refused: bytes by JSON and by form, pixels before they are decoded", async () => {
  const large = Buffer.alloc(MAX_BYTES + 1);
  await problemOf(await json("/represent", { image: large.toString("base64") }), 413);
  const form = new FormData();
  form.set("image", new Blob([large]));
  await problemOf(await post("/represent", form), 413);
  const bomb = await sharp({ create: { width: 4_000, height: 4_000, channels: 3, background: "#888" } })
    .png()
    .toBuffer();
  expect(bomb.length).toBeLessThan(MAX_BYTES);
  expect(
    (await problemOf(await json("/represent", { image: bomb.toString("base64"), aligned }), 422)).detail,
  ).toMatch(/pixel/i);
});

test("keys are asked for on every address but health, documents and the pages themselves", async () => {
  const keysFile = join(folder, "keys.json");
  const { token: reader } = await createKey(keysFile, { name: "reader", scope: "read" }, new Date());
  const closed = await startTestService({ keysFile });
  try {
    const strangers = createStudioClient(closed.url);
    expect((await strangers.health({})).status).toBe("ok");
    for (const asked of [
      () => strangers.models({}),
      () => strangers.verify({ a: ann, b: bob }),
      () => strangers.listPeople({}),
      () => strangers.register({ person: "x", image: ann }),
      () => strangers.removePerson({ person: "x" }),
      () => strangers.compare({ a: ann, b: bob }),
      () => strangers.neurons({}),
    ]) {
      expect((await refusal(asked())).status).toBe(401);
    }
    for (const path of [
      "/faces/1/thumbnail",
      "/studio/faces/person-0001_1",
      "/studio/model/net.onnx",
      "/metrics",
    ]) {
      expect((await fetch(`${closed.url}/api/v1${path}`)).status, path).toBe(401);
    }
    const readers = createClient(closed.url, { key: reader });
    expect((await readers.models({})).models).toHaveLength(1);
    expect((await refusal(readers.register({ person: "x", image: ann, aligned }))).status).toBe(403);
    expect((await fetch(`${closed.url}/`)).status).toBe(200);
  } finally {
    await closed.close();
  }
});

test("beyond loopback it does not start without a key", async () => {
  const start = startTestService({ host: "0.0.0.0", keysFile: join(folder, "no-keys.json") });
  await expect(start).rejects.toThrow(/needs an API key/);
});

test("when as many pictures wait as may, further ones are sent away with a time to come again", async () => {
  const narrow = await startTestService({ limits: { queue: 1, requestsPerMinute: 1_000 } });
  try {
    const asked = Array.from({ length: 8 }, () =>
      createClient(narrow.url).represent({ image: ann, aligned }),
    );
    const results = await Promise.allSettled(asked);
    const refused = results.flatMap((result) =>
      result.status === "rejected" ? [result.reason as ServiceError] : [],
    );
    expect(results.some(({ status }) => status === "fulfilled")).toBe(true);
    expect(refused.length).toBeGreaterThan(0);
    for (const { status, retryAfterSeconds } of refused) {
      expect(status).toBe(429);
      expect(retryAfterSeconds).toBeGreaterThanOrEqual(1);
    }
  } finally {
    await narrow.close();
  }
});

test("the studio's pages get patterns, neurons and pictures of synthetic people", async () => {
  const { faces, verdict } = await client.compare({ a: ann, b: bob, aligned });
  expect(faces.map(({ pattern }) => pattern.length)).toEqual([512, 512]);
  expect(verdict.hammingDistance).toBe(
    faces[0].pattern.filter((value, k) => value > 0 !== faces[1].pattern[k] > 0).length,
  );
  const { score } = await client.verify({ a: ann, b: bob, aligned });
  expect(verdict.score).toBeCloseTo(score, 4);
  const pixelsOf = async (picture: string) =>
    (await sharp(Buffer.from(picture, "base64")).removeAlpha().raw().toBuffer()).toString("base64");
  const pixels = await pixelsOf(ann);
  const [, { features }] = faces;
  const occluded = await client.occlude({ pixels, features });
  expect(occluded.verdict.score).toBeCloseTo(score, 4); // nothing is covered yet
  expect(occluded.pattern).toEqual(faces[0].pattern);
  const grey = Buffer.alloc(88 * 104 * 3, 128).toString("base64"); // all is covered: it is answered all the same
  const covered = await client.occlude({ pixels: grey, features });
  expect(covered.pattern).not.toEqual(faces[0].pattern);
  const again = await client.compare({ a: annAgain, b: bob, aligned });
  const replaced = await client.occlude({ pixels: await pixelsOf(annAgain), features });
  expect(replaced.pattern).toEqual(again.faces[0].pattern);
  expect(replaced.verdict.score).toBeCloseTo(again.verdict.score, 4);
  for (const bad of [
    { pixels: grey.slice(4), features },
    { pixels: grey, features: features.slice(4) },
    {
      pixels: grey,
      features: Buffer.from(new Float32Array(1024).fill(Number.NaN).buffer).toString("base64"),
    },
  ]) {
    await problemOf(await json("/studio/occlude", bad), 400);
  }
  const looked = await client.gradients({ pixels, features });
  expect([looked.columns, looked.rows]).toEqual([22, 26]);
  const shares = looked.worth.reduce((sum, value) => sum + value, 0);
  const gained = looked.answer - looked.baselineAnswer;
  expect(Math.abs(shares - gained)).toBeLessThan(0.1 * Math.max(10, Math.abs(gained)));
  const loudest = faces[0].pattern.indexOf(Math.max(...faces[0].pattern));
  const excited = await client.gradients({ pixels, neuron: loudest });
  expect(excited.answer).toBeCloseTo(faces[0].pattern[loudest], 2);
  await problemOf(await json("/studio/gradients", { pixels }), 400);
  const many = await Promise.all(
    Array.from({ length: 12 }, () => json("/studio/gradients", { pixels, neuron: loudest })),
  );
  const statuses = many.map(({ status }) => status).sort();
  expect(statuses).toEqual([...Array(6).fill(200), ...Array(6).fill(503)]); // one under way, five wait
  for (const neuron of [1024, 4096, Number.MAX_SAFE_INTEGER]) {
    const { detail } = await problemOf(await json("/studio/gradients", { pixels, neuron }), 400);
    expect(detail).toMatch(/from 0 to 1023/);
  }
  expect((await fetch(`${service.url}/api/v1/studio/faces/person-9999_1`)).status).toBe(404);
  expect((await client.training({})).run).toBeNull();
});

test("the paper's claims come with what this repository has measured, and their figures", async () => {
  const { page, claims } = await client.paper({});
  expect(page).toBeNull();
  const [first] = claims;
  expect(first).toMatchObject({ study: "verification", where: "Section 4, Table 1, Fig. 4" });
  expect(first.numbers[0]).toMatchObject({
    paper: "99.47 ± 0.12 %",
    ours: expect.stringMatching(/^9\d\.\d+ ± /),
  });
  expect(claims.map(({ study }) => study)).toContain("sparsity");
  const [{ file }] = first.figures;
  const figure = await fetch(`${service.url}/api/v1/studio/results/${file}`);
  expect(figure.headers.get("content-type")).toBe("image/svg+xml");
  for (const name of ["nothing.svg", "..%2fpackage.json", "lfw-tables.json"]) {
    expect([400, 404]).toContain((await fetch(`${service.url}/api/v1/studio/results/${name}`)).status);
  }
});
