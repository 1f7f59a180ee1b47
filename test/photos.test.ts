/** Photos in, answers out, by the commands: align, verify and what they refuse. */
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { deepid, resultOf } from "./support/cli.ts";
import { type Miniature, miniatureLfw, newFolder, type TinyModel, tinyModel } from "./support/miniature.ts";
import { greyFile } from "./support/pictures.ts";

let tiny: TinyModel;
let lfw: Miniature;
let photos: string[];
beforeAll(async () => {
  [tiny, lfw] = await Promise.all([tinyModel(), miniatureLfw()]);
  photos = ["A", "B"].map((one) => join(lfw.images, `Person_of_${one}`, `Person_of_${one}_0001.png`));
});

describe("with the default detector", () => {
  test("align writes the crop and a picture of what was found, and verify takes photo and crop alike", async () => {
    const out = await newFolder();
    const [result] = await resultOf("align", photos[0], "--out", out);
    expect(result.faces.length).toBe(1);
    const [crop, found] = result.files;
    expect(await sharp(crop).metadata()).toMatchObject({ width: 88, height: 104 });
    expect(await sharp(found).metadata()).toMatchObject({ width: 128 + 96, height: 128 });
    const verify = (b: string) => resultOf("verify", photos[0], b, "--model", tiny.model, "--far", "0.1");
    const answer = await verify(crop);
    expect(answer).toMatchObject({ samePerson: true, hammingDistance: 0 });
    expect(answer.faces.map(({ source }: { source: string }) => source)).toEqual(["located", "aligned"]);
  });

  test("align --people makes a folder of people that extract reads", async () => {
    const out = await newFolder();
    await resultOf("align", ...photos, "--out", out, "--people");
    const file = join(out, "features.safetensors");
    const made = await resultOf("extract", "--model", tiny.model, "--images", out, "--out", file);
    expect(made).toMatchObject({ rows: 2, people: 2 });
  });

  test("a photo without a face is a refusal of its own, in words and as JSON", async () => {
    const grey = join(await newFolder(), "grey.png");
    await writeFile(grey, await greyFile(128, { width: 200, height: 160 }));
    const verify = ["verify", photos[0], grey, "--model", tiny.model, "--far", "0.1"];
    expect(await deepid(...verify)).toMatchObject({
      code: 3,
      err: `error: ${grey}: no face was found\n`,
      out: "",
    });
    const { code, out } = await deepid(...verify, "--json");
    expect(code).toBe(3);
    expect(JSON.parse(out)).toMatchObject({ ok: false, reason: "no-face", input: 1 });
    const [result] = await resultOf("align", grey, "--out", await newFolder());
    expect(result.faces).toEqual([]);
  });
});

test("verify compares one photo with each of a folder, as it does two, and goes past what it cannot use", async () => {
  const folder = await newFolder();
  for (const photo of photos) await copyFile(photo, join(folder, basename(photo)));
  await writeFile(join(folder, "broken.jpg"), "no picture");
  const table = join(await newFolder(), "verdicts.csv");
  const options = ["--model", tiny.model, "--far", "0.1"];
  const { code, out } = await deepid("verify", photos[0], folder, ...options, "--csv", table, "--json");
  expect(code).toBe(3);
  const { photos: answers, passedOver } = JSON.parse(out);
  expect(passedOver).toHaveLength(1);
  expect(passedOver[0].file).toContain("broken.jpg");
  const pair = await resultOf("verify", photos[0], photos[1], ...options);
  expect(answers).toMatchObject([{ hammingDistance: 0, samePerson: true }, pair]);
  const rows = (await readFile(table, "utf8")).trim().split("\n");
  expect(rows[2]).toContain(`${basename(photos[1])},${pair.verdict},`);
  const drawn = await deepid("verify", photos[0], folder, ...options, "--figure", "both.svg");
  expect(drawn).toMatchObject({ code: 2, err: "error: --figure draws two photos; give no more\n" });
});

test("verify --figure draws both faces and their neurons", async () => {
  const file = join(await newFolder(), "both.svg");
  const options = ["--landmarks", lfw.landmarks, "--model", tiny.model, "--far", "0.1"];
  await resultOf("verify", ...photos, ...options, "--figure", file);
  const drawing = await readFile(file, "utf8");
  expect(drawing.match(/<image /g)?.length).toBe(2);
  expect(await sharp(Buffer.from(drawing)).metadata()).toMatchObject({ format: "svg" });
});

test("register makes a gallery, identify and search ask it, and who is removed is unknown", async () => {
  const place = join(await newFolder(), "new", "people.db");
  const asked = ["--store", place, "--model", tiny.model, "--landmarks", lfw.landmarks];
  const nowhere = `error: ${place}: there is no gallery here; registering faces makes one\n`;
  for (const [command, what] of [
    ["identify", photos[0]],
    ["search", photos[0]],
    ["remove", "Ann"],
  ]) {
    const options =
      command === "remove"
        ? ["--store", place]
        : [...asked, ...(command === "identify" ? ["--far", "0.1"] : [])];
    expect(await deepid(command, what, ...options)).toMatchObject({ code: 2, err: nowhere });
  }
  const added = await resultOf("register", ...photos, "--person", "Ann", "--field", "year=2024", ...asked);
  expect(added).toMatchObject({
    person: { name: "Ann" },
    faces: 2,
    added: photos.map((picture) => ({ picture })),
  });
  const ann = await resultOf("identify", photos[0], "--far", "0.3", ...asked);
  expect(ann).toMatchObject({
    people: 1,
    faces: [{ candidates: [{ person: { name: "Ann" }, faces: 2 }] }],
  });
  expect(await resultOf("search", photos[1], ...asked)).toMatchObject({
    faces: 2,
    hits: [{ hammingDistance: 0 }, {}],
  });
  const where = async (condition: string) =>
    (await resultOf("search", photos[1], ...asked, "--where", condition)).hits.length;
  expect([await where("year>=2024"), await where("year=2023,2022")]).toEqual([2, 0]);
  await resultOf("remove", "Ann", "--store", place);
  const nobody = await resultOf("identify", photos[0], "--far", "0.3", ...asked);
  expect(nobody).toMatchObject({ people: 0, faces: [{ person: null, candidates: [] }] });
});

test("a folder is asked about in one go: good photos are answered, broken ones named, and tables and pictures written", async () => {
  const folder = await newFolder();
  const place = join(folder, "people.db");
  const asked = ["--store", place, "--model", tiny.model, "--landmarks", lfw.landmarks];
  await resultOf("register", photos[0], "--person", "Ann <1>", ...asked);
  for (const one of photos) {
    const to = join(folder, "photos", basename(dirname(one)), basename(one));
    await mkdir(dirname(to), { recursive: true });
    await copyFile(one, to);
  }
  await writeFile(join(folder, "photos", "Person_of_B", "Person_of_B_0002.png"), "no picture");
  await writeFile(join(folder, "photos", "Person_of_B", "notes.txt"), "a list");
  const [csv, jsonl, drawn] = ["who.csv", "who.jsonl", "drawn"].map((name) => join(folder, name));
  const files = ["--csv", csv, "--jsonl", jsonl, "--picture", drawn];
  const identify = ["identify", join(folder, "photos"), "--far", "0.3", ...asked, ...files];
  const { code, out, err } = await deepid(...identify, "--json");
  expect(code).toBe(3);
  expect(err).toMatch(
    /2 were skipped:\n.*notes.txt: not a picture, by its name\n.*_0002.png: not a picture: needed/,
  );
  const { photos: answers, passedOver } = JSON.parse(out);
  expect(passedOver.length).toBe(2);
  const names = ["A", "B"].map((one) => `Person_of_${one}/Person_of_${one}_0001.png`);
  expect(answers.map(({ photo }: { photo: string }) => photo)).toEqual(
    names.map((name) => join(folder, "photos", name)),
  );
  expect(answers[0].faces).toMatchObject([{ unfit: null, person: { name: "Ann <1>" } }]);
  const lines = (await readFile(jsonl, "utf8")).trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line))).toEqual(answers);
  const [head, first] = (await readFile(csv, "utf8")).split("\n");
  expect(head).toBe("photo,face,x,y,width,height,person,verdict,unfit,score,probability,hamming_distance");
  expect(first.startsWith(`${answers[0].photo},0,,,,,Ann <1>,`)).toBe(true);
  for (const cell of first.split(",").slice(9)) expect(cell).toMatch(/^-?[\d.]{1,8}(?:e-\d+)?$/);
  for (const name of names) {
    expect(await sharp(join(drawn, name)).metadata()).toMatchObject({ format: "png", width: 128 });
  }
  const [same, red] = await Promise.all(
    [photos[0], join(drawn, names[0])].map((file) => sharp(file).removeAlpha().raw().toBuffer()),
  );
  expect(same.equals(red)).toBe(false);
  const over = ["--picture", join(folder, "photos")];
  expect(await deepid(...identify.slice(0, -2), ...over)).toMatchObject({
    code: 2,
    err: expect.stringMatching(/would be written over/),
  });
  expect(await deepid(...identify.slice(0, -1), join(folder, "one.jpg"))).toMatchObject({
    code: 2,
    err: expect.stringMatching(/one.jpg: of several photos a folder is needed/),
  });
  expect(await deepid("represent", join(folder, "nowhere"), ...asked)).toMatchObject({ code: 2 });
  const found = await deepid("represent", ...photos, ...asked.slice(2));
  expect(found.out.split("\n").slice(0, 2)).toEqual(
    photos.map((photo) => expect.stringMatching(new RegExp(`^${photo}  [0-9a-f]{8}$`))),
  );
});

test("register adds all pictures or, if one is refused, none", async () => {
  const folder = await newFolder();
  const place = join(folder, "people.db");
  const broken = join(folder, "broken.png");
  await writeFile(broken, (await readFile(photos[1])).subarray(0, 500));
  const options = ["--person", "Ann", "--store", place, "--model", tiny.model, "--aligned"];
  expect((await deepid("register", photos[0], broken, ...options)).code).toBe(3);
  expect(await resultOf("gallery", "list", "--store", place)).toMatchObject({ people: 0, faces: 0 });
});

test("represent prints a code for each neuron of the face as it is; analyze says that attributes are missing", async () => {
  const options = ["--model", tiny.model, "--landmarks", lfw.landmarks];
  const { code, features, codeBits } = await resultOf("represent", photos[0], ...options);
  expect([codeBits, Buffer.from(code, "hex").length, features.length]).toEqual([16, 4, 32]);
  expect(await deepid("analyze", photos[0], ...options)).toMatchObject({
    code: 2,
    err: expect.stringMatching(/has no attributes; fit them on labelled faces with deepid fit-attributes/),
  });
});

test("the released model reads attributes as it comes, each with how often it is right", async () => {
  const asked = ["analyze", photos[0], "--landmarks", lfw.landmarks];
  const { attributes } = await resultOf(...asked, "--neurons");
  expect(attributes.map(({ name }: { name: string }) => name)).toEqual(
    expect.arrayContaining(["Male", "Smiling", "Eyeglasses", "Blond Hair"]),
  );
  for (const { accuracy, neuron } of attributes) {
    expect(accuracy).toBeGreaterThan(neuron.accuracy);
    expect(neuron.accuracy).toBeGreaterThan(0.6);
  }
  const plain = (await resultOf(...asked)).attributes;
  expect(plain).toEqual(attributes.map(({ neuron: _, ...one }: { neuron: object }) => one));
  for (const { present, probability } of plain) expect(present).toBe(probability > 0.5);
});

test("two photos that would become one file, and a missing one, are refused before anything is done", async () => {
  const out = join(await newFolder(), "out");
  expect(await deepid("align", photos[0], photos[0], "--out", out)).toMatchObject({ code: 2 });
  const { code, err } = await deepid("align", join(out, "none.jpg"), "--out", out);
  expect({ code, err }).toEqual({ code: 2, err: `error: ${join(out, "none.jpg")}: no such file\n` });
});
