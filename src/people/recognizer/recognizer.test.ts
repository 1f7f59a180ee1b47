import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tinyModel } from "../../../test/support/miniature.ts";
import { DataError, InputError } from "../../base/errors/index.ts";
import { createRng } from "../../base/random/index.ts";
import { alignFace, mapLandmarks } from "../../faces/face/index.ts";
import { type Image, resizeRegion, warp } from "../../faces/image/index.ts";
import type { FaceLocator, LocatedFace } from "../../faces/locate/index.ts";
import { encodePng } from "../../faces/pictureFiles/index.ts";
import { createPopulation } from "../../faces/synthetic/index.ts";
import type { FaceInput } from "../answers/index.ts";
import { openGallery } from "../gallery/index.ts";
import { openRecognizer, type Recognizer, verifyAgainst } from "./index.ts";

const people = [...createPopulation({ people: 3, picturesPerPerson: 2, seed: 9 })];
const crops = people.map(({ image, landmarks }) => alignFace(image, landmarks));
const located = (index: number): LocatedFace => ({
  box: { x: 10, y: 10, width: 80, height: 80 },
  score: 0.9,
  landmarks: people[index].landmarks,
});

/** A detector that finds what it is told to. */
let found: readonly LocatedFace[] = [];
const locator: FaceLocator = { name: "told", locate: async () => found, release: async () => {} };

let recognizer: Recognizer;
beforeAll(async () => {
  const { model } = await tinyModel();
  recognizer = await openRecognizer({ model, locator, gallery: "memory:", threads: 1 });
});
afterAll(() => recognizer.release());

const aligned = async (image: Image): Promise<FaceInput> => ({
  photo: await encodePng(image),
  aligned: true,
});
const photo = async (index: number): Promise<FaceInput> => ({
  photo: await encodePng(people[index].image),
  name: `photo ${index}`,
});

describe("verify", () => {
  test("takes a face and itself for one person, in any of the ways that faces are given", async () => {
    found = [located(0)];
    const ways = [
      await aligned(crops[0]),
      await photo(0),
      { ...(await photo(0)), landmarks: people[0].landmarks },
    ];
    for (const [i, input] of ways.entries()) {
      const answer = await recognizer.verify(ways[0], input, { falseAcceptRate: 0.1 });
      if (!answer.ok) throw new Error(answer.message);
      expect(answer.samePerson).toBe(true);
      expect(answer).toMatchObject({ hammingDistance: 0, codeBits: 16 });
      expect(answer.cosine).toBeCloseTo(1, 5);
      expect(answer.faces[1].source).toBe(["aligned", "located", "landmarks"][i]);
      expect(JSON.parse(JSON.stringify(answer))).toEqual(answer);
    }
  });

  test("does not depend on the order of the two, and score, probability and verdict never disagree", async () => {
    const inputs = await Promise.all(crops.map(aligned));
    const ask = async (a: number, b: number) => {
      const answer = await recognizer.verify(inputs[a], inputs[b], { falseAcceptRate: 0.1 });
      if (!answer.ok) throw new Error(answer.message);
      return answer;
    };
    expect((await ask(0, 3)).score).toBeCloseTo((await ask(3, 0)).score, 9);
    const answers = [await ask(0, 0), await ask(0, 2), await ask(0, 4), await ask(2, 5)];
    answers.sort((a, b) => a.score - b.score);
    for (const { score, probabilityAtEvenOdds, threshold, verdict, samePerson } of answers) {
      expect(probabilityAtEvenOdds).toBeCloseTo(1 / (1 + Math.exp(-score)), 14);
      expect(threshold.probabilityAtEvenOdds).toBeCloseTo(1 / (1 + Math.exp(-threshold.score)), 14);
      expect(samePerson).toBe(score > threshold.score);
      expect(samePerson).toBe(verdict !== "different");
    }
    const sureness = answers.map(({ verdict }) =>
      ["different", "probably the same", "same"].indexOf(verdict),
    );
    expect(sureness).toEqual([...sureness].sort());
  });

  test("of one photo with many is that of each pair", async () => {
    found = [located(0)];
    const ask = await verifyAgainst(recognizer, await photo(0), { falseAcceptRate: 0.1 });
    for (const other of [await aligned(crops[0]), await aligned(crops[3])]) {
      const pair = await recognizer.verify(await photo(0), other, { falseAcceptRate: 0.1 });
      expect(pair.ok).toBe(true);
      expect(await ask(other)).toEqual(pair);
    }
    found = [];
    expect(await ask(await photo(1))).toMatchObject({ ok: false, reason: "no-face", input: 1 });
    const noFace = verifyAgainst(recognizer, await photo(0));
    await expect(noFace).rejects.toThrow(new DataError("photo 0: no face was found"));
  });

  test("a smaller false accept rate raises the threshold, and one that was never observed is refused", async () => {
    const input = await aligned(crops[0]);
    const at = async (falseAcceptRate: number) => {
      const answer = await recognizer.verify(input, input, { falseAcceptRate });
      if (!answer.ok) throw new Error(answer.message);
      return answer.threshold;
    };
    const [loose, strict] = [await at(0.3), await at(0.05)];
    expect(strict.score).toBeGreaterThan(loose.score);
    expect(strict.falseAcceptRate).toBeLessThanOrEqual(0.05);
    expect(strict.falseRejectRate).toBeGreaterThanOrEqual(loose.falseRejectRate!);
    await expect(at(1e-9)).rejects.toThrow(InputError);
  });

  test("draws both faces and a cell for each neuron that fires", async () => {
    const answer = await recognizer.verify(await aligned(crops[0]), await aligned(crops[2]), {
      falseAcceptRate: 0.1,
      figure: true,
    });
    if (!answer.ok) throw new Error(answer.message);
    expect(answer.figure).toMatch(/^<svg /);
    expect(answer.figure!.match(/<image /g)?.length).toBe(2);
    const ones = (await Promise.all([0, 2].map(async (i) => recognizer.represent(await aligned(crops[i])))))
      .map((one) => (one.ok ? one.features.slice(0, 16).filter((value) => value > 0).length : 0))
      .reduce((a, b) => a + b);
    expect(answer.figure!.match(/fill-opacity/g)?.length).toBe(ones);
  });
});

test("represent gives the features, and a code that says which of the first net's neurons fire", async () => {
  const answer = await recognizer.represent(await aligned(crops[1]), { crop: true });
  if (!answer.ok) throw new Error(answer.message);
  expect(answer.features.length).toBe(recognizer.about.dimension);
  const bits = [...Buffer.from(answer.code, "hex")].flatMap((byte) =>
    Array.from({ length: 8 }, (_, i) => (byte >> i) & 1),
  );
  expect(bits.slice(0, 16)).toEqual(answer.features.slice(0, 16).map((value) => Number(value > 0)));
  expect(Buffer.from(answer.crop!, "base64")).toEqual(Buffer.from(await encodePng(crops[1])));
});

describe("a picture without the one face gets its own answer:", () => {
  const reasonOf = async (input: FaceInput) => {
    const answer = await recognizer.represent(input);
    return answer.ok ? "ok" : answer.reason;
  };

  test("no face", async () => {
    found = [];
    const answer = await recognizer.verify(await aligned(crops[0]), await photo(1), { falseAcceptRate: 0.1 });
    expect(answer).toMatchObject({
      ok: false,
      reason: "no-face",
      input: 1,
      message: "photo 1: no face was found",
    });
  });

  test("several faces, unless one of them is asked for", async () => {
    found = [located(0), located(2)];
    expect(await reasonOf(await photo(0))).toBe("several-faces");
    expect(await reasonOf({ ...(await photo(0)), face: "largest" })).toBe("ok");
    expect(await reasonOf({ ...(await photo(0)), face: 1 })).toBe("ok");
    expect(await reasonOf({ ...(await photo(0)), face: 2 })).toBe("no-such-face");
    const { faces } = await recognizer.locate(await photo(0));
    expect(faces.map(({ unfit }) => unfit)).toEqual([null, null]);
  });

  test("of several faces the main one is taken, and the answer says which; whoever wants an only one is refused", async () => {
    const { width, height } = people[0].image;
    const aside = { ...located(2), box: { x: 0, y: 0, width: 30, height: 30 } };
    const middle = { ...located(0), box: { x: width / 2 - 15, y: height / 2 - 15, width: 30, height: 30 } };
    for (const [faces, number] of [
      [[located(0), aside], 0],
      [[aside, middle], 1],
    ] as const) {
      found = faces;
      const answer = await recognizer.represent(await photo(0));
      expect(answer).toMatchObject({ ok: true, face: { box: faces[number].box, number, faces: 2 } });
      expect(await reasonOf({ ...(await photo(0)), face: "only" })).toBe("several-faces");
      expect(await reasonOf({ ...(await photo(0)), face: "main" })).toBe("ok");
    }
  });

  test("a face of which an eye lies beyond the border", async () => {
    const { image, landmarks } = people[0];
    const [left] = landmarks;
    const cut = resizeRegion(
      image,
      { x: Math.ceil(left.x) + 1, y: 0, width: image.width - Math.ceil(left.x) - 1, height: image.height },
      { width: image.width - Math.ceil(left.x) - 1, height: image.height },
    );
    const points = mapLandmarks(landmarks, ({ x, y }) => ({ x: x - Math.ceil(left.x) - 1, y }));
    expect(await reasonOf({ photo: await encodePng(cut), landmarks: points })).toBe("face-cut-off");
    const whole = mapLandmarks(points, ({ x, y }) => ({ x: x + 2, y }));
    expect(await reasonOf({ photo: await encodePng(cut), landmarks: whole })).toBe("ok");
  });

  test("a face of which more than half lies beyond the border is none", async () => {
    const beyond = mapLandmarks(people[1].landmarks, ({ x, y }) => ({ x: x + people[1].image.width, y }));
    found = [located(1), { ...located(1), landmarks: beyond }];
    const answer = await recognizer.represent(await photo(1));
    expect(answer).toMatchObject({ ok: true, face: { landmarks: people[1].landmarks } });
  });

  test("a face too small, and one too blurred", async () => {
    const { image, landmarks } = people[0];
    const [a, side] = [0.3, Math.round(image.width * 0.3)];
    const small = warp(image, { a, b: 0, shiftX: 0, shiftY: 0 }, { width: side, height: side });
    const points = mapLandmarks(landmarks, ({ x, y }) => ({ x: a * x, y: a * y }));
    expect(await reasonOf({ photo: await encodePng(small), landmarks: points })).toBe("face-too-small");
    const whole = { x: 0, y: 0, width: 88, height: 104 };
    const tiny = resizeRegion(crops[0], whole, { width: 6, height: 7 });
    const blurred = resizeRegion(tiny, { x: 0, y: 0, width: 6, height: 7 }, { width: 88, height: 104 });
    expect(await reasonOf(await aligned(blurred))).toBe("face-too-blurred");
  });

  test("what is wrong with the request or the file is an error instead", async () => {
    const bytes = await encodePng(people[0].image);
    const far = mapLandmarks(people[0].landmarks, ({ x, y }) => ({ x: x + 500, y }));
    await expect(recognizer.represent({ photo: bytes, landmarks: far })).rejects.toThrow(InputError);
    await expect(recognizer.represent({ photo: Buffer.from("no picture") })).rejects.toThrow(DataError);
    await expect(recognizer.analyze({ photo: bytes })).rejects.toThrow(/has no attributes.*fit-attributes/);
  });
});

test("damaged files get an answer or a DataError, never anything else", async () => {
  found = [located(0)];
  const { default: sharp } = await import("sharp");
  const rng = createRng(3);
  for (const format of ["jpeg", "png", "webp", "tiff", "gif"] as const) {
    const whole = await sharp(await encodePng(people[0].image))
      .toFormat(format)
      .toBuffer();
    for (let round = 0; round < 12; round++) {
      const bytes = Uint8Array.from(whole);
      for (let change = 0; change < 1 + rng.integer(8); change++) {
        bytes[rng.integer(bytes.length)] = rng.integer(256);
      }
      const cut = rng.integer(3) === 0 ? bytes.subarray(0, rng.integer(bytes.length)) : bytes;
      const outcome = await recognizer.represent({ photo: cut }).catch((error) => error);
      if (outcome instanceof Error) expect(outcome).toBeInstanceOf(DataError);
      else if (!outcome.ok)
        expect(outcome.reason).toMatch(/^(no-face|face-cut-off|face-too-small|face-too-blurred)$/);
      else expect(outcome.features.filter(Number.isFinite)).toHaveLength(recognizer.about.dimension);
    }
  }
});

test("a gallery: registered people are identified, strangers are nobody, and who is removed is gone", async () => {
  found = [located(0)];
  for (const [name, rows] of [
    ["Ann", [0, 1]],
    ["Ben", [2]],
  ] as const) {
    for (const row of rows) {
      const answer = await recognizer.register(await aligned(crops[row]), name, { fields: { row } });
      expect(answer).toMatchObject({ ok: true, person: { name } });
    }
  }
  const who = async (row: number, falseAcceptRate: number) => {
    const answer = await recognizer.identify(await aligned(crops[row]), { falseAcceptRate });
    if (!answer.ok) throw new Error(answer.message);
    return answer;
  };
  const ben = await who(2, 0.3);
  expect(ben.candidates[0]).toMatchObject({ person: { name: "Ben" }, hammingDistance: 0, faces: 1 });
  expect(ben.person?.name).toBe("Ben");
  expect(ben.falseAlarmRate).toBeCloseTo(1 - (1 - ben.threshold.falseAcceptRate!) ** 2, 12);
  const stranger = await who(4, 0.01);
  expect([stranger.person, stranger.candidates.length]).toEqual([null, 2]);
  expect((await who(4, 0.9)).person).not.toBeNull(); // where nearly all strangers may pass, this one does

  const near = await recognizer.search(await aligned(crops[1]), { top: 1 });
  expect(near).toMatchObject({ ok: true, faces: 3, hits: [{ hammingDistance: 0, person: { name: "Ann" } }] });
  const filtered = await recognizer.search(await aligned(crops[1]), {
    filter: [{ field: "row", equals: 2 }],
  });
  expect(filtered.ok && filtered.hits.map(({ person }) => person.name)).toEqual(["Ben"]);
  const among = await recognizer.identify(await aligned(crops[2]), {
    falseAcceptRate: 0.3,
    filter: [{ field: "row", equals: 2 }],
  });
  if (!among.ok) throw new Error(among.message);
  expect(among.people).toBe(1); // one person can be mistaken for, not two
  expect(among.falseAlarmRate).toBeCloseTo(among.threshold.falseAcceptRate!, 12);

  const nobody = await recognizer.identify(crops[2], { filter: [{ field: "row", equals: 9 }] });
  expect(nobody).toMatchObject({ person: null, explanation: "No face in the gallery meets row=9." });

  found = [located(0), located(1), located(4)];
  const together = await recognizer.identifyAll(await photo(0), { falseAcceptRate: 0.9 });
  const [best, ...rest] = together.faces.toSorted((a, b) => b.candidates[0].score - a.candidates[0].score);
  expect(best.person?.name).toBe("Ann");
  const rivals = rest.filter(({ candidates }) => candidates[0].person.name === "Ann");
  expect(rivals.map(({ person, verdict }) => [person, verdict])).toContainEqual([null, "different"]);
  expect(rivals.map(({ explanation }) => explanation).join()).toContain(
    "another face of this photo is more like Ann",
  );

  const receipt = await recognizer.remove({ person: "Ben" });
  expect(receipt).toMatchObject({ person: "Ben", codes: 1 });
  expect((await who(2, 0.3)).candidates.map(({ person }) => person.name)).toEqual(["Ann"]);
});

test("a face that is kept is answered as kept, also when its person is renamed at that moment", async () => {
  const { model } = await tinyModel();
  await using busy = await openRecognizer({
    model,
    locator: null,
    threads: 1,
    gallery: async (asked) => {
      const gallery = await openGallery("memory:", asked);
      const register: typeof gallery.register = async (faces) => {
        const ids = await gallery.register(faces);
        await gallery.rename("Ann", "Anna");
        return ids;
      };
      return { ...gallery, register };
    },
  });
  expect(await busy.register(await aligned(crops[0]), "Ann")).toMatchObject({
    ok: true,
    person: { name: "Anna" },
    faces: 1,
  });
});
