/** Faces of photos, of files of features and of galleries as maps, by the command. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { writeFeatures } from "../src/matching/files/index.ts";
import { deepid, resultOf } from "./support/cli.ts";
import { type Miniature, miniatureLfw, newFolder, type TinyModel, tinyModel } from "./support/miniature.ts";
import { planted } from "./support/planted.ts";

let tiny: TinyModel;
let lfw: Miniature;
let features: string;
beforeAll(async () => {
  [tiny, lfw] = await Promise.all([tinyModel(), miniatureLfw()]);
  features = join(await newFolder(), "planted.safetensors");
  await writeFeatures(features, planted({ people: 10, pictures: 4 }).set, {});
});

test("a map of photos is a page with every face on it; of a gallery the people are those that it knows", async () => {
  const folder = await newFolder();
  const out = join(folder, "map.html");
  const how = ["--model", tiny.model, "--by", "pca"];
  const map = await resultOf("map", lfw.images, "--out", out, ...how);
  expect(map.by).toBe("pca");
  expect(map.faces.length).toBeGreaterThan(12);
  expect(map.faces[0].person).toMatch(/^Person_of_/); // its folder
  expect(map.faces[0].nearest).toHaveLength(8);
  const page = await readFile(out, "utf8");
  expect(page.match(/data:image\/jpeg;base64/g)).toHaveLength(map.faces.length);
  expect(page).not.toMatch(/https?:\/\/(?!www\.w3\.org)|<script/);
  const store = join(folder, "people.sqlite");
  const imported = await resultOf(
    ...[
      "gallery",
      "import",
      lfw.images,
      "--landmarks",
      lfw.landmarks,
      "--store",
      store,
      "--model",
      tiny.model,
    ],
  );
  const known = await resultOf("map", "--store", store, ...how);
  expect(known.of).toBe(imported.faces);
  expect(new Set(known.faces.map(({ person }: { person: string }) => person))).toEqual(
    new Set(map.faces.map(({ person }: { person: string }) => person)),
  );
  const some = await resultOf("map", "--store", store, ...how, "--most", "6");
  expect([some.faces.length, some.of]).toEqual([6, known.of]);
});

test("a map of features is the same for the same seed, says how it is to be believed, and what was left out", async () => {
  const out = join(await newFolder(), "map.svg");
  const how = ["--features", features, "--most", "20"];
  const [one, two] = [await resultOf("map", ...how, "--out", out), await resultOf("map", ...how)];
  expect(two).toEqual(one);
  expect(one.trust.value).toBeGreaterThan(0.6);
  expect([one.faces.length, one.of]).toEqual([20, 40]);
  expect(await readFile(out, "utf8")).toMatch(
    /^<svg[^>]*>\n<title>Map of 20 faces of 5 people by umap<\/title>/,
  );
  const { out: said } = await deepid("map", ...how);
  expect(said).toMatch(
    /20 faces of 40, by whole people at random, of 5 people, by umap\n.*\d faces whose nearest/s,
  );
});

test("what no map can be made of is refused", async () => {
  expect((await deepid("map")).err).toMatch(/needs either photos, --features or --store/);
  expect((await deepid("map", lfw.images, "--features", features)).err).toMatch(/one of them alone/);
  expect((await deepid("map", "--features", features, "--out", "map.png")).err).toMatch(/\.html or \.svg/);
  const few = join(await newFolder(), "few.safetensors");
  await writeFeatures(few, planted({ people: 3, pictures: 1 }).set, {});
  expect(await deepid("map", "--features", few)).toMatchObject({
    code: 2,
    err: expect.stringMatching(/at least 4 faces, got 3/),
  });
});
