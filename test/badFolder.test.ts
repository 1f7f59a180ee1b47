/** A folder with a broken, an empty, a text and a HEIC file among good photos: the good ones are done, the others named. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { encodePng } from "../src/faces/pictureFiles/index.ts";
import { createPopulation } from "../src/faces/synthetic/index.ts";
import { deepid } from "./support/cli.ts";
import { newFolder, TINY } from "./support/miniature.ts";

const BAD: Readonly<Record<string, string>> = {
  "broken.png": "\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR",
  "empty.jpg": "",
  "text.jpg": "hello",
  "phone.heic": "\0\0\0\x18ftypheic\0\0\0\0mif1heic",
};

let folder: string;
let people: string;
let photos: string;
let good: string[];
beforeAll(async () => {
  folder = await newFolder();
  [people, photos] = [join(folder, "people"), join(folder, "people", "person-1")];
  for (const { identity, index, image } of createPopulation({ people: 8, picturesPerPerson: 3, seed: 8 })) {
    await mkdir(join(people, `person-${identity}`), { recursive: true });
    await writeFile(join(people, `person-${identity}`, `${index}.png`), await encodePng(image));
  }
  for (const [name, content] of Object.entries(BAD)) await writeFile(join(photos, name), content, "latin1");
  good = [0, 1, 2].map((index) => join(photos, `${index}.png`));
  const store = await deepid("register", ...good, "--person", "Ann", "--store", join(folder, "ann.db"));
  expect(store.code).toBe(0);
});

const inStore = () => ["--store", join(folder, "ann.db")];
const cached = () => ["--cache", join(folder, "cache")];

/** Runs a command that has to go on past the bad files; what it has printed as JSON. */
async function past(...args: readonly string[]) {
  const { code, out, err } = await deepid(...args, "--json");
  for (const name of Object.keys(BAD)) expect(err, args[0]).toContain(name);
  expect(err).toMatch(/^error: \d+ were skipped:\n/);
  expect(code).toBe(3);
  const result = JSON.parse(out);
  expect(result.passedOver.length).toBeGreaterThanOrEqual(4);
  return result;
}

test.each([
  ["identify", inStore],
  ["search", inStore],
  ["represent", () => []],
  ["analyze", () => []],
])("%s answers about the good photos", async (command, options) => {
  const { photos: answered } = await past(command, photos, ...options());
  expect(answered.map(({ photo }: { photo: string }) => photo)).toEqual(good);
});

test("cluster groups the good photos", async () => {
  expect(await past("cluster", photos, "--threshold", "-100")).toMatchObject({
    photos: 3,
    groups: [{ length: 3 }],
  });
});

test("gallery import registers the good photos", async () => {
  const { added, people: number } = await past(
    "gallery",
    "import",
    people,
    "--store",
    join(folder, "all.db"),
  );
  expect(number).toBe(8);
  expect(added).toBeGreaterThanOrEqual(20); // of 24: drawn faces are not all found
});

test("extract and train read the good photos", async () => {
  const out = join(folder, "features.safetensors");
  const extracted = await past(
    "extract",
    "--images",
    people,
    "--model",
    "whole-face",
    "--out",
    out,
    ...cached(),
  );
  expect(extracted.people).toBe(8);
  const config = join(folder, "tiny.json");
  await writeFile(config, JSON.stringify({ ...TINY, split: { matching: 2, validation: 2 } }));
  const trained = await past("train", config, "--images", people, "--out", join(folder, "run"), ...cached());
  expect(trained).toMatchObject({ steps: TINY.steps, people: 4 });
});
