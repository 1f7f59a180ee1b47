import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { alignFace } from "../../faces/face/index.ts";
import { createImage, type Image } from "../../faces/image/index.ts";
import type { FaceLocator, LocatedFace } from "../../faces/locate/index.ts";
import { encodePng } from "../../faces/pictureFiles/index.ts";
import { createPopulation } from "../../faces/synthetic/index.ts";
import { readNamedGroups } from "./groupsFile.ts";
import { groupsTable, openRecognizer, type Recognizer } from "./index.ts";

/** Drawn people whom the net tells apart: what is tested is what becomes of groups. */
const PEOPLE = 3;
const drawn = [...createPopulation({ people: PEOPLE, picturesPerPerson: 3, seed: 13 })];
const crops = drawn.map(({ image, landmarks }) => alignFace(image, landmarks));
const whose = (photo: string) => Math.floor(Number(/(\d)\.png/.exec(photo)![1]) / 3);

/** A photo of two people: the first pictures of the first two, side by side. */
const both = besides(drawn[0].image, drawn[3].image);

function besides(left: Image, right: Image): Image {
  const { width, height } = left;
  const pixels = new Uint8Array(2 * width * height * 3);
  for (let y = 0; y < height; y++) {
    for (const [x, half] of [left, right].entries()) {
      pixels.set(half.pixels.subarray(y * width * 3, (y + 1) * width * 3), (2 * y + x) * width * 3);
    }
  }
  return createImage(2 * width, height, pixels);
}

/** A detector that knows the drawn pictures, and finds nothing in others. */
const locator: FaceLocator = {
  name: "told",
  async locate({ width, pixels }): Promise<LocatedFace[]> {
    const at = (index: number, x: number): LocatedFace => ({
      box: { x: x + 10, y: 10, width: 80.4, height: 80 },
      score: 0.9,
      landmarks: drawn[index].landmarks.map((point) => ({ x: point.x + x, y: point.y })) as never,
    });
    if (width === both.width) return [at(3, width / 2), at(0, 0)];
    const known = drawn.findIndex(({ image }) => Buffer.compare(image.pixels, pixels) === 0);
    return known === -1 ? [] : [at(known, 0)];
  },
  release: async () => {},
};

let faces: Recognizer;
let folder: string;
beforeAll(async () => {
  faces = await openRecognizer({ model: "whole-face", locator, gallery: "memory:", threads: 1 });
  folder = await mkdtemp(join(tmpdir(), "cluster-"));
  for (const [i, { image }] of drawn.entries())
    await writeFile(join(folder, `${i}.png`), await encodePng(image));
});
afterAll(() => faces.release());

describe("cluster", () => {
  test("finds who is who in a folder, and names what it passes over", async () => {
    const bad = {
      "broken.png": "\x89PNG\r\n\x1a\n...",
      "empty.jpg": "",
      "text.jpg": "hello",
      "list.txt": "a list",
    };
    for (const [name, content] of Object.entries(bad)) await writeFile(join(folder, name), content, "latin1");
    const stages = new Map<string, string>();
    const found = await faces.cluster(folder, {
      stage: (name) => (done, total) => stages.set(name, `${done}/${total}`),
    });
    expect(found.groups.map((group) => group.map(({ name }) => whose(name)))).toEqual([
      [0, 0, 0],
      [1, 1, 1],
      [2, 2, 2],
    ]);
    expect(found).toMatchObject({ photos: 9, unfit: 0 });
    expect(found.passedOver.map(({ file }) => file.slice(folder.length + 1)).sort()).toEqual(
      Object.keys(bad).sort(),
    );
    expect(Object.fromEntries(stages)).toEqual({ "finding faces": "11/11", grouping: "9/9" });
  });

  test("never puts two faces of one photo together, however alike", async () => {
    const { groups } = await faces.cluster([{ photo: both, name: "both" }], { threshold: -1e9 });
    expect(groups.map((group) => group.map(({ face }) => face))).toEqual([[0], [1]]);
  });

  test("takes photos in memory, and its groups are what registerAll takes", async () => {
    const { groups } = await faces.cluster(crops.slice(0, 6), { crops: true });
    expect(groups.map(({ length }) => length)).toEqual([3, 3]);
    expect(groups[0][0].crop).toMatch(/^\/9j\//); // JPEG
    expect(await faces.registerAll(groups[1], "Ben")).toMatchObject({ ok: true, faces: 3 });
    expect(await faces.identify(crops[3])).toMatchObject({ ok: true, person: { name: "Ben" } });
    await faces.remove({ person: "Ben" });
  });

  test("no photo with a face is no group; a path where there is nothing is refused", async () => {
    expect((await faces.cluster([createImage(9, 9, new Uint8Array(243))])).groups).toEqual([]);
    await expect(faces.cluster(join(folder, "nowhere"))).rejects.toThrow(/no such file or folder/);
  });
});

let grouped = "";

/** A table of the groups in the folder, and of a photo of two; `edit` names some. */
async function tableOf(edit: (lines: string[]) => string[]): Promise<string> {
  const table = join(await mkdtemp(join(tmpdir(), "groups-")), "groups.csv");
  await writeFile(table, `\ufeff${edit(grouped.trimEnd().split("\n")).join("\r\n")}\r\n`);
  return table;
}

describe("registerGroups", () => {
  beforeAll(async () => {
    await writeFile(join(folder, "both.png"), await encodePng(both));
    grouped = groupsTable(await faces.cluster(folder));
  });

  test("registers each face of the groups that have a name, once", async () => {
    const table = await tableOf((lines) =>
      lines.map((line, k) => (k === 1 ? line.replace("1,,", "1,Ann,") : line)),
    );
    const done = await faces.registerGroups(folder, table);
    expect(done).toMatchObject({ added: 4, known: 0, passedOver: [], people: 1, faces: 4 });
    expect(await faces.registerGroups(folder, table)).toMatchObject({ added: 0, known: 4, faces: 4 });
    expect(await faces.identify(crops[1])).toMatchObject({ person: { name: "Ann" } });
    await faces.remove({ person: "Ann" });
  });

  test("a face that is not where the table says is skipped, never registered", async () => {
    const moved = (line: string) => line.replace(/^(1,),(.*,\d,)10,/, "$1Ann,$260,");
    const done = await faces.registerGroups(folder, await tableOf((lines) => lines.map(moved)));
    expect(done).toMatchObject({ added: 0, faces: 0 });
    expect(done.passedOver[0].reason).toMatch(/\d\.png: face 0 is not where .*groups\.csv says/);
  });

  test("reads what spreadsheets write, and says what is wrong with a table, and where", async () => {
    const semicolons = await tableOf(([head, first]) =>
      [head, first.replace("1,,", "1,Ann Lee,")].map((l) => l.replaceAll(",", ";")),
    );
    expect(await readNamedGroups(semicolons)).toEqual([
      {
        person: "Ann Lee",
        photo: join(folder, "0.png"),
        face: 0,
        box: { x: 10, y: 10, width: 80, height: 80 },
      },
    ]);
    const wrong: [(lines: string[]) => string[], RegExp][] = [
      [(lines) => lines, /no group has a name/],
      [([head, ...lines]) => [head.replace("photo", "file"), ...lines], /there is no photo$/],
      [
        (lines) => lines.map((line, k) => (k < 1 || k > 2 ? line : line.replace(",,", `,P${k},`))),
        /:4: group 1 has several names \(P1, P2\)/,
      ],
      [(lines) => lines.map((line) => line.replace(/^1,,/, "1,\u202e,")), /:2: a person's name/],
      [
        (lines) => lines.map((line) => line.replace(/^1,,(.*),10,/, "1,Ann,$1,ten,")),
        /:2: face, x, y.*"ten"/,
      ],
      [(lines) => [...lines, '9,Ann,"open'], /groups\.csv: not comma-separated/],
    ];
    for (const [edit, message] of wrong) {
      await expect(readNamedGroups(await tableOf(edit))).rejects.toThrow(message);
    }
    const elsewhere = await tableOf((lines) =>
      lines.map((line) => line.replace(/^1,,.*png/, "1,Ann,/elsewhere.png")),
    );
    await expect(faces.registerGroups(folder, elsewhere)).rejects.toThrow(
      /elsewhere\.png is not among the photos given/,
    );
  });
});
