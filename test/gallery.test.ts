/** The gallery's commands, from a folder of people to a receipt. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openStore } from "../src/people/gallery/index.ts";
import { deepid, resultOf } from "./support/cli.ts";
import { miniatureLfw, newFolder, tinyModel } from "./support/miniature.ts";

const [lfw, tiny, folder] = await Promise.all([miniatureLfw(), tinyModel(), newFolder()]);
const store = join(folder, "new", "gallery.db");

const importing = () => [
  "gallery",
  "import",
  "--model",
  tiny.model,
  "--images",
  lfw.images,
  "--landmarks",
  lfw.landmarks,
  "--store",
  store,
];

describe("deepid gallery", () => {
  test("imports a folder of people once, and passes over what it has", async () => {
    const first = await resultOf(...importing());
    expect(first.added).toBeGreaterThan(0);
    expect(first).toMatchObject({ known: 0, faces: first.added });
    expect(await resultOf(...importing())).toMatchObject({
      added: 0,
      known: first.added,
      faces: first.added,
    });
    // It keeps no aligned faces, and does not say that it does.
    expect((await deepid(...importing(), "--cache", folder)).err).toMatch(/unknown option '--cache'/);
  });

  test("lists, renames and merges people", async () => {
    const { people, listed } = await resultOf("gallery", "list", "--store", store);
    expect(listed).toHaveLength(people);
    const [a, b] = listed;
    await resultOf("gallery", "rename", a.name, "Ann Lee", "--store", store);
    await resultOf("gallery", "merge", b.name, "Ann Lee", "--store", store);
    const page = await resultOf("gallery", "list", "--after", "Ann Led", "--limit", "1", "--store", store);
    expect(page.listed).toEqual([{ id: a.id, name: "Ann Lee", faces: a.faces + b.faces }]);
    expect(page.people).toBe(people - 1);
    const again = await resultOf(...importing());
    expect([again.added, again.known]).toEqual([0, again.faces]); // whoever they belong to now
    const { code, err } = await deepid("gallery", "rename", "Nobody", "Somebody", "--store", store);
    expect([code, err]).toEqual([2, 'error: gallery: there is no "Nobody"\n']);
  });

  test("exports to JSON lines, and restores them in another store", async () => {
    const out = join(folder, "people.jsonl");
    const { faces } = await resultOf("gallery", "export", "--out", out, "--store", store);
    const copy = join(folder, "copy.db");
    expect(await resultOf("gallery", "restore", out, "--store", copy)).toMatchObject({ faces });
    const people = async (place: string) =>
      (await resultOf("gallery", "list", "--store", place)).listed.map(
        ({ name, faces: count }: { name: string; faces: number }) => [name, count],
      );
    expect(await people(copy)).toEqual(await people(store));
    const again = join(folder, "again.jsonl");
    await resultOf("gallery", "export", "--out", again, "--store", copy);
    expect(await readFile(again, "utf8")).toBe(await readFile(out, "utf8"));
    const broken = join(folder, "broken.jsonl");
    await writeFile(broken, `${(await readFile(out, "utf8")).split("\n")[0]}\n{"person": 3}\n`);
    const { code, err } = await deepid("gallery", "restore", broken, "--store", join(folder, "b.db"));
    expect(code).toBe(3);
    expect(err).toContain("broken.jsonl, line 2");
  });

  test("removes a person with a receipt", async () => {
    const receipt = join(folder, "receipt.json");
    const before = await resultOf("gallery", "list", "--store", store);
    const done = await resultOf("remove", "Ann Lee", "--receipt", receipt, "--store", store);
    expect(done).toMatchObject({ person: "Ann Lee", personRemoved: true, pending: [] });
    expect(done.checks.length).toBeGreaterThan(2);
    expect(JSON.parse(await readFile(receipt, "utf8"))).toEqual(done);
    const after = await resultOf("gallery", "list", "--store", store);
    expect(after.faces).toBe(before.faces - done.faces.length);
    const { person: _person, place: _place, model: _model, ...kept } = done;
    expect(await resultOf("gallery", "receipt", String(done.receipt), "--store", store)).toEqual(kept);
    expect((await resultOf("gallery", "receipts", "--store", store)).receipts).toEqual([kept]);
    for (const what of [[], ["Ann Lee", "--face-id", "1"]]) {
      expect(await deepid("remove", ...what, "--store", store)).toMatchObject({
        code: 2,
        err: "error: remove: give the name of a person, or --face-id and no name\n",
      });
    }
    const face = await resultOf("remove", "--face-id", "1000", "--store", store).catch(String);
    expect(face).toContain("there is no face 1000");
  });

  test("refuses another model and a place without a gallery", async () => {
    const wrong = await deepid(...importing(), "--codes-only");
    expect([wrong.code, wrong.out]).toEqual([2, ""]);
    expect(wrong.err).toContain("another setting of the length of vectors");
    expect(await deepid("gallery", "list", "--store", join(folder, "none.db"))).toMatchObject({ code: 2 });
  });
});

test("deepid bench search finds all that a plain scan finds, and prints the limit", async () => {
  const args = [
    "bench",
    "search",
    "--codes",
    "20000",
    "--rounds",
    "2",
    "--threads",
    "2",
    "--python",
    "nowhere",
  ];
  const result = await resultOf(...args, "--bits", "512");
  expect(result).toMatchObject({ codes: 20_000, recall: 1 });
  expect(Math.min(result.readMs, result.kernelMs, result.plainMs)).toBeGreaterThan(0);
  expect((await deepid("bench", "search", "--bits", "33")).code).toBe(2);
});

test("deepid bench gallery counts durable faces and opens what it has filled", async () => {
  const result = await resultOf("bench", "gallery", "--faces", "2000", "--singles", "20", "--dimension", "4");
  expect(result).toMatchObject({ faces: 2000, singles: 20, batch: 128 });
  for (const value of ["singlesPerSecond", "batchedPerSecond", "openSeconds", "firstSearchMs"]) {
    expect(result[value]).toBeGreaterThan(0);
  }
});

test("deepid bench gallery --store searches an existing gallery by several at once, and leaves it as it is", async () => {
  const store = join(folder, "searched.sqlite");
  const settings = { model: "m", codeBytes: 8, dimension: 0, keyCheck: "" };
  const gallery = await openStore(store, settings);
  await gallery.add([1, 2, 3].map((n) => ({ person: `P${n}`, code: new Uint8Array(8).fill(n) })));
  await gallery.close();
  const before = await readFile(store);
  const result = await resultOf("bench", "gallery", "--store", store, "--clients", "1,4", "--seconds", "1");
  expect(result).toMatchObject({ faces: 3, bits: 64, rounds: [{ clients: 1 }, { clients: 4 }] });
  for (const { searches, perSecond, medianMs, p99Ms } of result.rounds) {
    expect(searches).toBeGreaterThanOrEqual(4);
    expect(perSecond).toBeLessThanOrEqual(searches);
    expect(p99Ms).toBeGreaterThanOrEqual(medianMs);
  }
  expect(await readFile(store)).toEqual(before);
  expect((await deepid("bench", "gallery", "--store", join(folder, "none.sqlite"))).code).toBe(2);
});

test("deepid bench shortlist agrees with a full scan where the shortlist holds everyone", async () => {
  const features = join(folder, "features.safetensors");
  const images = ["--images", lfw.images, "--landmarks", lfw.landmarks];
  const { rows } = await resultOf("extract", "--model", tiny.model, ...images, "--out", features);
  const result = await resultOf("bench", "shortlist", features, "--model", tiny.model, "--sizes", "1,1000");
  const [one, all] = result.shortlists;
  expect(result.faces).toBe(rows);
  expect(all).toMatchObject({ sameFace: 1, samePerson: 1, rank1: result.rank1 });
  expect(one.sameFace).toBeLessThanOrEqual(1);
});
