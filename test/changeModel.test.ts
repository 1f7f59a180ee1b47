/** Another model for a gallery that is in use: by workers that are killed, beside additions and removals. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encodePng } from "../src/faces/pictureFiles/index.ts";
import { createPopulation } from "../src/faces/synthetic/index.ts";
import { openSystem } from "../src/nets/models/index.ts";
import { openGallery, openStore } from "../src/people/gallery/index.ts";
import {
  changeModel,
  galleryModelOf,
  openRecognizer,
  type Recognizer,
} from "../src/people/recognizer/index.ts";
import { deepid, resultOf, spawnDeepid } from "./support/cli.ts";
import { newFolder, tinyModel } from "./support/miniature.ts";
import { noPostgres, startPostgres, type TestServer } from "./support/postgres.ts";
import { query } from "./support/postgresGallery.ts";
import { startTestService } from "./support/service.ts";
import { systemOfTwo } from "./support/tinySystem.ts";

const skipped = noPostgres && ` (skipped: ${noPostgres})`;
const [PEOPLE, PICTURES] = [24, 3];

let [model, next, people, late] = ["", "", "", ""];
beforeAll(async () => {
  ({ model } = await tinyModel());
  next = await systemOfTwo(model);
  [people, late] = [await newFolder(), await newFolder()];
  for (const { identity, index, image } of createPopulation({
    people: PEOPLE + 2,
    picturesPerPerson: PICTURES,
    seed: 7,
  })) {
    const folder = join(identity < PEOPLE ? people : late, `P${identity}`);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `${index}.png`), await encodePng(image));
  }
}, 240_000);

const importOf = (folder: string, store: string, ...more: string[]) =>
  resultOf("gallery", "import", folder, "--aligned", "--store", store, ...more);

/** Code and vector of every face by its picture. */
async function facesIn(place: string): Promise<Map<unknown, string>> {
  const store = await openStore(place);
  try {
    const { damage } = await store.check();
    expect(damage).toEqual([]);
    const faces = await store.facesOf((await store.people()).map(({ id }) => id));
    const hex = (part?: Uint8Array) => Buffer.from(part ?? []).toString("hex");
    return new Map(faces.map(({ fields, code, vector }) => [fields.picture, `${hex(code)} ${hex(vector)}`]));
  } finally {
    await store.close();
  }
}

/** How far a picture of P3 is from the nearest face of hers, and the model that says so. */
async function distanceOfP3(faces: Recognizer): Promise<unknown[]> {
  const answer = await faces.search({ photo: join(people, "P3", "0.png"), aligned: true }, { top: 100 });
  if (!answer.ok) throw new Error(answer.message);
  const own = answer.hits.filter(({ person }) => person.name === "P3");
  return [Math.min(...own.map(({ hammingDistance }) => hammingDistance)), faces.about.model];
}

/** What a gallery has that was made with the next model from the start. */
async function wanted(...gone: string[]): Promise<Map<unknown, string>> {
  const place = join(await newFolder(), "new.db");
  for (const folder of [people, late]) await importOf(folder, place, "--model", next);
  for (const person of gone) await resultOf("remove", person, "--store", place);
  return facesIn(place);
}

test("an SQLite gallery: stopped in the middle, it stays of the old model, and the next try goes on", {
  timeout: 300_000,
}, async () => {
  const place = join(await newFolder(), "people.db");
  const store = ["--store", place];
  await importOf(people, place, "--model", model);
  const refused = await deepid("gallery", "change-model", next, ...store);
  expect([refused.code, refused.err]).toEqual([
    2,
    expect.stringContaining("72 faces have no aligned picture"),
  ]);
  expect(refused.err).toContain("nothing was begun");
  await resultOf("remove", "P0", ...store);
  for (let i = 1; i < PEOPLE; i++) await resultOf("remove", `P${i}`, ...store);
  for (const folder of [people, late]) await importOf(folder, place, "--model", model, "--thumbnail");

  await using faces = await openRecognizer({
    model,
    locator: null,
    gallery: (own) => openGallery(place, own),
  });
  expect(await distanceOfP3(faces)).toEqual([0, "model"]);
  const own = await openStore(place);
  const stop = new AbortController();
  const interrupted = changeModel(own, next, { signal: stop.signal, onProgress: () => stop.abort() });
  await expect(interrupted).rejects.toThrow("abort");
  expect(await own.change!.status()).toMatchObject({ lacking: 78 - 32, faces: 78 });
  await own.close();
  expect(await distanceOfP3(faces)).toEqual([0, "model"]);
  expect(await resultOf("gallery", "change-model", next, ...store)).toMatchObject({ faces: 78, erased: 0 });
  expect(await distanceOfP3(faces)).toEqual([0, "two nets"]); // the recognizer changes over, too
  expect(await facesIn(place)).toEqual(await wanted());
});

test("a gallery of an earlier release keeps its codes until it changes to the model that it has", {
  timeout: 300_000,
}, async () => {
  const [old, made] = [join(await newFolder(), "old.db"), join(await newFolder(), "made.db")];
  const system = await openSystem(model);
  const ofNeurons = { ...galleryModelOf(system), codes: "neurons" } as const;
  await system.release();
  await (await openGallery(old, ofNeurons)).close();
  for (const place of [old, made]) await importOf(late, place, "--model", model, "--thumbnail");
  const codes = (faces: Map<unknown, string>) => [...faces.values()].map((text) => text.split(" ")[0]);
  const [before, fresh] = [await facesIn(old), await facesIn(made)];
  expect(before.size).toBe(2 * PICTURES);
  expect(codes(before)).not.toEqual(codes(fresh));
  const done = await resultOf("gallery", "change-model", model, "--store", old);
  expect(done).toMatchObject({ faces: 2 * PICTURES, erased: 0 });
  expect(await facesIn(old)).toEqual(fresh);
});

describe.skipIf(Boolean(noPostgres))(`a gallery in PostgreSQL${skipped}`, () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startPostgres();
  }, 240_000);
  afterAll(() => server?.stop());

  test("is extracted by workers that are killed, while others add and remove, and changes over under a reader in memory", {
    timeout: 300_000,
  }, async () => {
    const store = ["--store", server.url()];
    await importOf(people, server.url(), "--model", model, "--thumbnail");
    await using faces = await openRecognizer({
      model,
      locator: null,
      gallery: (own) => openGallery(server.url(), own, { memory: { bytes: 1 << 20 } }),
    });
    expect(await distanceOfP3(faces)).toEqual([0, "model"]);

    const added = ["work", "add", "--model", next, ...store, "--expire-seconds", "3", "--pictures", "8"];
    expect(await resultOf(...added)).toMatchObject({ jobs: 10, faces: 72 });
    const args = ["work", ...store, "--model", model, "--threads", "1", "--until-empty"];
    /** A worker that is killed in the middle of the job after so many. */
    const killedAfter = async (jobs: number) => {
      const { code, err } = await spawnDeepid(args, (child, told) => {
        if (told.split("faces extracted").length > jobs) child.kill("SIGKILL");
      });
      expect(code, err).toBeNull();
    };
    await Promise.all([killedAfter(1), killedAfter(2)]);
    expect((await faces.gallery!.held())?.state).toBe("held");
    await importOf(late, server.url(), "--model", model, "--thumbnail");
    await resultOf("remove", "P5", ...store);
    const [one, two] = await Promise.all([spawnDeepid(args), spawnDeepid(args)]);
    expect([one.code, two.code], one.err + two.err).toEqual([0, 0]);
    expect((one.err + two.err).match(/has changed over to/g)).toHaveLength(1);

    expect(await resultOf("work", "status", ...store)).toMatchObject({
      jobs: { waiting: 0, active: 0, failed: 0 },
    });
    expect(await distanceOfP3(faces)).toEqual([0, "two nets"]);
    expect(await facesIn(server.url())).toEqual(await wanted("P5"));
    const old = await deepid("work", ...store, "--model", model, "--until-empty");
    expect([old.code, old.err]).toEqual([2, expect.stringContaining("another model")]);
    const twice = await deepid(...added);
    expect([twice.code, twice.err]).toEqual([2, expect.stringContaining("has this model already")]);
    const neither = await deepid("work", "add", ...store);
    expect([neither.code, neither.err]).toEqual([
      2,
      expect.stringContaining("give a folder of people, --cluster, or --model"),
    ]);
  });

  test("a service on it answers all the while, and afterwards by the new model", {
    timeout: 200_000,
  }, async () => {
    await query(server.url(), "CREATE DATABASE served");
    const place = server.url("served");
    await importOf(people, place, "--model", model, "--thumbnail");
    const service = await startTestService({ model, gallery: place, galleryMemory: 1e8 });
    try {
      const image = (await readFile(join(people, "P3", "0.png"))).toString("base64");
      // biome-ignore lint/suspicious/noExplicitAny: what is asked for below
      const ask = async (path: string, body?: object): Promise<{ status: number; body: any }> => {
        const how = body && {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(body),
        };
        const response = await fetch(`${service.url}/api/v1/${path}`, how);
        return { status: response.status, body: await response.json() };
      };
      const nameNow = async () => (await ask("models")).body.models[0].name;
      expect(await nameNow()).toBe("model");
      let [isOver, asked] = [false, 0];
      const client = async () => {
        for (; !isOver; asked++) {
          const { status, body } = await ask("search", { image, aligned: true, top: 100 });
          expect(status, JSON.stringify(body)).toBe(200);
          expect(Math.min(...body.hits.map((hit: { hammingDistance: number }) => hit.hammingDistance))).toBe(
            0,
          );
        }
      };
      const clients = [client(), client(), client()];
      expect(await resultOf("gallery", "change-model", next, "--store", place)).toMatchObject({ faces: 72 });
      await expect.poll(nameNow, { timeout: 60_000 }).toBe("two nets");
      const then = asked;
      await expect.poll(() => asked, { timeout: 60_000 }).toBeGreaterThan(then + 10);
      isOver = true;
      await Promise.all(clients);
      await expect
        .poll(
          async () =>
            (await (await fetch(`${service.url}/api/v1/metrics`)).text()).match(/codes_in_memory (\d+)/)?.[1],
        )
        .toBe("72");
    } finally {
      await service.close();
    }
  });
});
