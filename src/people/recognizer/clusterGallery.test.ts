import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { alignFace } from "../../faces/face/index.ts";
import { createPopulation } from "../../faces/synthetic/index.ts";
import { galleryGroupsTable, openRecognizer, type Recognizer } from "./index.ts";

/** Drawn people whom the net tells apart: what is tested is what becomes of groups. */
const PEOPLE = 3;
const EACH = 3;
const crops = [...createPopulation({ people: PEOPLE, picturesPerPerson: EACH, seed: 13 })].map(
  ({ image, landmarks }) => alignFace(image, landmarks),
);

let faces: Recognizer;
let folder: string;
/** By the number of a face in the gallery: whose it really is. */
const whose = new Map<number, number>();
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "gallery-groups-"));
  faces = await openRecognizer({ model: "whole-face", locator: null, gallery: "memory:", threads: 1 });
  for (const [k, crop] of crops.entries()) {
    const person = k === 0 ? "Ann" : "unknown";
    const done = await faces.register({ photo: crop, aligned: true }, person, {
      fields: { picture: `photos/${k}.png` },
    });
    if (!done.ok) throw new Error(done.message);
    whose.set(done.faceId, Math.floor(k / EACH));
  }
});
afterAll(() => faces.release());

const peopleOf = (groups: readonly (readonly { id: number }[])[]) =>
  groups.map((group) => group.map(({ id }) => whose.get(id)));

test("the faces under the name of unknown people are grouped by person, and nothing is changed", async () => {
  const { groups, passedOver } = await faces.clusterGallery({ person: "unknown" });
  expect(peopleOf(groups)).toEqual([
    [1, 1, 1],
    [2, 2, 2],
    [0, 0],
  ]);
  expect(groups[2][0]).toEqual({ id: expect.any(Number), person: "unknown", picture: "photos/1.png" });
  expect(passedOver).toEqual([]);
  expect(await faces.gallery!.count()).toEqual({ people: 2, faces: PEOPLE * EACH });
});

test("of all faces, a group shows where one person is there under two names", async () => {
  const { groups } = await faces.clusterGallery();
  expect(peopleOf(groups)).toEqual([
    [0, 0, 0],
    [1, 1, 1],
    [2, 2, 2],
  ]);
  expect(groups[0].map(({ person }) => person)).toEqual(["Ann", "unknown", "unknown"]);
});

test("two faces of one photo are never put together", async () => {
  const pair = [crops[0], crops[1]];
  for (const [k, crop] of pair.entries()) {
    await faces.register({ photo: crop, aligned: true }, "pair", { fields: { picture: `both.jpg#${k}` } });
  }
  const { groups } = await faces.clusterGallery({ person: "pair", threshold: -1e9 });
  expect(groups.map(({ length }) => length)).toEqual([1, 1]);
  await faces.remove({ person: "pair" });
});

test("groups that have got a name become people; what was given to somebody else meanwhile is skipped", async () => {
  const table = join(folder, "groups.csv");
  const found = await faces.clusterGallery({ person: "unknown" });
  await writeFile(table, galleryGroupsTable(found));
  await expect(faces.nameGroups(table)).rejects.toThrow(/no group has a name/);
  const text = (await readFile(table, "utf8")).replace("\n1,,", "\n1,Ben,").replace("\n3,,", "\n3,Ann,");
  await writeFile(table, text);
  const [[first, second]] = found.groups;
  await faces.gallery!.moveFace(first.id, "Eve");
  await faces.gallery!.removeFace(second.id);
  const done = await faces.nameGroups(table);
  expect(done).toMatchObject({ added: 3, known: 0, people: 4 }); // Ann, Ben, Eve, unknown
  expect(done.passedOver.map(({ reason }) => reason)).toEqual([
    `face ${first.id}: it is one of Eve's now, and was of unknown`,
    `face ${second.id}: it is not there any more`,
  ]);
  expect((await faces.gallery!.person("Ann"))?.faces).toBe(EACH);
  expect(await faces.nameGroups(table)).toMatchObject({ added: 0, known: 3 });
});

test("a stranger, a gallery of codes, and a table of photos are refused", async () => {
  await expect(faces.clusterGallery({ person: "Nobody" })).rejects.toThrow(/Nobody/);
  const table = join(folder, "photos.csv");
  await writeFile(table, "group,name,photo,face,x,y,width,height\n1,Ann,a.png,0,,,,\n");
  await expect(faces.nameGroups(table)).rejects.toThrow(/there is no person, picture/);
  const { openGallery } = await import("../gallery/index.ts");
  const codes = await openRecognizer({
    model: "whole-face",
    locator: null,
    threads: 1,
    gallery: (model) => openGallery("memory:", model, { codesOnly: true }),
  });
  try {
    await expect(codes.clusterGallery()).rejects.toThrow(/it keeps codes only/);
  } finally {
    await codes.release();
  }
});
