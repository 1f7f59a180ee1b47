import { describe, expect, test } from "vitest";
import { noiseFaces, TINY } from "../../../test/support/tinyTraining.ts";
import { InputError } from "../../base/errors/index.ts";
import { createBatches, stepsPerEpoch } from "./batches.ts";
import type { Training } from "./config.ts";
import type { TrainingFaces } from "./trainingFaces.ts";

const STILL = { shift: 0, mirror: false, light: 0 };

/** A training of `pairs` on crops of 2 × 3 pixels (plus margins). */
const small = (
  pairs: number,
  augmentation: Training["augmentation"] = STILL,
  channels: 1 | 3 = 1,
): Training => ({
  ...TINY,
  pairs,
  augmentation,
  net: { ...TINY.net, height: 2, width: 3, channels },
});

/** One picture for each entry of `identities`; every pixel of picture i holds the value i. */
function numbered(identities: readonly number[]): TrainingFaces {
  return {
    crops: Uint8Array.from({ length: identities.length * 6 }, (_, at) => Math.floor(at / 6)),
    margin: 0,
    identities: Int32Array.from(identities),
    people: Math.max(...identities) + 1,
  };
}

describe("batches", () => {
  const identities = [0, 0, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 3, 4, 4];
  const faces = numbered(identities);

  test("show each picture about once an epoch, and rows 2i and 2i + 1 of one person", () => {
    const batchAt = createBatches(faces, small(3));
    // 2, 3, 4, 5 and 2 pictures: 1 + 2 + 2 + 3 + 1 pairs, 3 batches of 3
    const seen = new Map<number, number>();
    for (let step = 0; step < 30 * 3; step++) {
      const batch = batchAt(step);
      expect(batch.faces.length).toBe(6 * 6);
      for (let row = 0; row < 6; row += 2) {
        const [a, b] = [batch.faces[row * 6], batch.faces[(row + 1) * 6]];
        expect(a).not.toBe(b);
        expect(batch.identities[row]).toBe(identities[a]);
        expect(batch.identities[row + 1]).toBe(identities[b]);
        expect(identities[a]).toBe(identities[b]);
        for (const picture of [a, b]) seen.set(picture, (seen.get(picture) ?? 0) + 1);
      }
    }
    for (const [picture, person] of identities.entries()) {
      const odd = identities.filter((other) => other === person).length % 2 === 1;
      // an odd one out meets another a second time, at random
      expect(seen.get(picture)).toBeGreaterThanOrEqual(30);
      expect(seen.get(picture)).toBeLessThanOrEqual(odd ? 55 : 30);
    }
    expect(stepsPerEpoch(faces, small(3))).toBeCloseTo(16 / 6, 12);
  });

  test("repeat pairs where a batch holds more than there are", () => {
    const batch = createBatches(numbered([0, 0, 1, 1]), small(5))(0);
    expect(batch.identities.length).toBe(10);
    expect(new Set(batch.faces).size).toBe(4);
  });

  test("number k is the same whatever was asked before it, and for a new maker", () => {
    const training = { ...TINY, pairs: 2 };
    const noise = noiseFaces(training);
    const inOrder = createBatches(noise, training);
    const batches = Array.from({ length: 12 }, (_, step) => inOrder(step));
    const outOfOrder = createBatches(noise, training);
    for (const step of [11, 0, 7, 3, 7]) expect(outOfOrder(step)).toEqual(batches[step]);
    const same = batches.flatMap((a, i) => batches.slice(i + 1).map((b) => Buffer.compare(a.faces, b.faces)));
    expect(same).not.toContain(0); // and no two are alike
    expect(createBatches(noise, { ...training, seed: 2 })(0)).not.toEqual(batches[0]);
    expect(createBatches(noise, { ...training, cycle: 0 })(0)).toEqual(batches[0]);
    expect(createBatches(noise, { ...training, cycle: 1 })(0)).not.toEqual(batches[0]);
  });

  test("cut crops at every shift, mirrored or not, and show the pixels that are there", () => {
    // Every pixel of a crop has a value of its own: 10 · row + 2 · column + channel, so any cut can be told.
    const augmentation = { shift: 1, mirror: true, light: 0 };
    const training = small(4, augmentation, 3);
    const value = (row: number, column: number, c: number) => 50 * row + 8 * column + c;
    const one = Array.from({ length: 4 * 5 * 3 }, (_, at) =>
      value(Math.floor(at / 15), Math.floor(at / 3) % 5, at % 3),
    );
    const crops = Uint8Array.from([...one, ...one]);
    const batchAt = createBatches({ crops, margin: 1, identities: Int32Array.of(0, 0), people: 1 }, training);
    const cuts = new Map<string, number>();
    for (let step = 0; step < 40; step++) {
      const { faces: cut } = batchAt(step);
      for (let row = 0; row < 8; row++) {
        const shown = Array.from(cut.subarray(row * 18, (row + 1) * 18));
        const key = [0, 1, 2].flatMap((top) =>
          [0, 1, 2].flatMap((left) =>
            [false, true].flatMap((mirrored) => {
              const expected = Array.from({ length: 18 }, (_, at) => {
                const column = Math.floor(at / 3) % 3;
                return value(top + Math.floor(at / 9), left + (mirrored ? 2 - column : column), at % 3);
              });
              return expected.every((v, i) => v === shown[i]) ? [`${top} ${left} ${mirrored}`] : [];
            }),
          ),
        );
        expect(key.length).toBe(1);
        cuts.set(key[0], (cuts.get(key[0]) ?? 0) + 1);
      }
    }
    expect(cuts.size).toBe(18);
    for (const count of cuts.values()) expect(count).toBeGreaterThan(4); // 320 / 18 = 17.8 each
  });

  test("show crops of the mirrored face, where they are given, in place of mirrored crops", () => {
    const training = small(4, { shift: 0, mirror: true, light: 0 });
    const [crop, other] = [
      [1, 2, 3, 4, 5, 6],
      [11, 12, 13, 14, 15, 16],
    ];
    const given = { margin: 0, identities: Int32Array.of(0, 0), people: 1 };
    const [crops, mirrored] = [crop, other].map((one) => Uint8Array.from([...one, ...one]));
    const { faces: shown } = createBatches({ ...given, crops, mirrored }, training)(0);
    const seen = Array.from({ length: 8 }, (_, row) => Array.from(shown.subarray(row * 6, row * 6 + 6)));
    for (const picture of seen) expect([crop, other]).toContainEqual(picture);
    expect(seen).toContainEqual(crop);
    expect(seen).toContainEqual(other);
    expect(() => createBatches({ ...given, crops, mirrored: mirrored.subarray(6) }, training)).toThrow(
      new InputError("batches: 12 bytes of crops but 6 of mirrored ones"),
    );
  });

  test("without augmentation show the middle of each crop", () => {
    const training = small(2);
    const one = Array.from({ length: 4 * 5 }, (_, at) => at);
    const crops = Uint8Array.from([...one, ...one]);
    const batch = createBatches(
      { crops, margin: 1, identities: Int32Array.of(0, 0), people: 1 },
      training,
    )(0);
    const middle = [6, 7, 8, 11, 12, 13];
    expect(Array.from(batch.faces)).toEqual([...middle, ...middle, ...middle, ...middle]);
  });

  test("vary contrast and brightness within the share asked for, one change a picture", () => {
    const greys = Array.from({ length: 6 }, (_, at) => 40 + 30 * at);
    const crops = Uint8Array.from([...greys, ...greys]);
    const training = small(8, { shift: 0, mirror: false, light: 0.2 });
    const batchAt = createBatches({ crops, margin: 0, identities: Int32Array.of(0, 0), people: 1 }, training);
    const contrasts: number[] = [];
    for (let step = 0; step < 20; step++) {
      const { faces: lit } = batchAt(step);
      for (let row = 0; row < 16; row++) {
        const shown = lit.subarray(row * 6, (row + 1) * 6);
        const contrast = (shown[5] - shown[0]) / 150;
        contrasts.push(contrast);
        for (let i = 1; i < 6; i++)
          expect(Math.abs(shown[i] - shown[0] - 30 * i * contrast)).toBeLessThan(1.5);
        const brightness = (shown[0] + shown[5]) / 2 - 127.5 + (127.5 - 115) * contrast;
        expect(Math.abs(brightness)).toBeLessThanOrEqual(127.5 * 0.2 + 1);
      }
    }
    expect(Math.min(...contrasts)).toBeGreaterThanOrEqual(0.79);
    expect(Math.max(...contrasts)).toBeLessThanOrEqual(1.21);
    expect(Math.max(...contrasts) - Math.min(...contrasts)).toBeGreaterThan(0.3);
  });

  test("never wrap around black or white", () => {
    const crops = Uint8Array.from({ length: 12 }, (_, at) => (at % 2 === 0 ? 0 : 255));
    const training = small(8, { shift: 0, mirror: false, light: 1 });
    const batchAt = createBatches({ crops, margin: 0, identities: Int32Array.of(0, 0), people: 1 }, training);
    for (let step = 0; step < 20; step++) {
      const { faces: lit } = batchAt(step);
      for (let at = 0; at < lit.length; at += 2) expect(lit[at]).toBeLessThanOrEqual(lit[at + 1]);
    }
  });

  test("silence the share of neurons that dropout asks for, anew in every batch", () => {
    const training = { ...TINY, net: { ...TINY.net, neurons: 200, dropout: 0.3 } };
    const batchAt = createBatches(noiseFaces(training), training);
    const masks = [0, 1, 2].map((step) => batchAt(step).masks);
    expect(masks[0].length).toBe(4 * 6 * 200);
    for (const mask of masks) {
      const kept = mask.reduce((total, bit) => total + bit, 0) / mask.length;
      expect(mask.every((bit) => bit === 0 || bit === 1)).toBe(true);
      expect(Math.abs(kept - 0.7)).toBeLessThan(0.03); // 4 standard deviations
    }
    expect(masks[0]).not.toEqual(masks[1]);
    const all = createBatches(noiseFaces(), { ...TINY, net: { ...TINY.net, dropout: 0 } })(0).masks;
    expect(all.every((bit) => bit === 1)).toBe(true);
  });

  test("are refused to a person of one picture, to crops of another size, and to shifts beyond the margin", () => {
    const refused = (wrong: TrainingFaces, training: Training) => () => createBatches(wrong, training);
    expect(refused(numbered([0, 0, 1]), small(1))).toThrow(
      new InputError("batches: person 1 has 1 pictures; training needs two of each"),
    );
    expect(refused({ ...numbered([0, 0]), margin: 1 }, small(1))).toThrow(
      new InputError("batches: 2 crops of 2 + 2 x 3 + 2 x 1 are 40 bytes, got 12"),
    );
    expect(refused(numbered([0, 0]), small(1, { ...STILL, shift: 2 }))).toThrow(
      new InputError("batches: shifts by 2 need that margin, the crops have 0"),
    );
  });
});
