/** Identification, BLUFR, codes and videos against twins that do what the protocol says, pair by pair. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DataError, InputError } from "../../base/errors/index.ts";
import { createRng } from "../../base/random/index.ts";
import { multiplyHere as multiply } from "../../math/linalg/index.ts";
import { bitsAsNumbers, createFeatureSet, type FeatureSet, selectPeople } from "../features/index.ts";
import { cosine, fitMatcher, hamming, jointBayesian, meanCosine } from "../match/index.ts";
import {
  binaryCodes,
  blufr,
  closedSet,
  drawBlufrTrial,
  drawIdentificationLists,
  enrolByBest,
  enrolBySet,
  largestScores,
  openSet,
  REPORTED_ALARM_RATES,
  type ScoreTable,
  scoreTable,
  scoreVideoFolds,
  spreadOf,
  verification,
} from "./index.ts";

/** Faces of people: each is its person plus noise. `faces[i]` of person i. */
function population(faces: readonly number[], { noise = 0.5, dimension = 8, seed = 1 } = {}): FeatureSet {
  const rng = createRng(seed);
  const normal = () => Float64Array.from({ length: dimension }, () => rng.normal());
  const people = faces.map(normal);
  const rows = faces.flatMap((count, person) =>
    Array.from({ length: count }, (_, i) => ({ person, name: `P${person}/${i}`, noise: normal() })),
  );
  const values = rows.flatMap((row) => [...people[row.person]].map((x, j) => x + noise * row.noise[j]));
  return createFeatureSet(Float32Array.from(values), dimension, {
    names: rows.map(({ name }) => name),
    identities: rows.map(({ person }) => `P${person}`),
  });
}

/** A table of any symmetric function. */
const tableOf = (rows: number, at: (a: number, b: number) => number): ScoreTable => ({
  rows,
  at: (a, b) => at(Math.min(a, b), Math.max(a, b)),
});

test("a table by matrix products, tile by tile, holds the same scores to float32's precision", async () => {
  const set = population(Array.from({ length: 350 }, () => 3)); // more rows than a tile
  const { matcher } = await fitMatcher(set, { components: 4 });
  for (const metric of [cosine, jointBayesian(matcher)]) {
    const [slow, fast] = [await scoreTable(metric, set), await scoreTable(metric, set, { multiply })];
    for (let a = 1; a < set.rows; a++) {
      for (let b = a % 7; b < a; b += 7) {
        if (!(Math.abs(slow.at(a, b) - fast.at(a, b)) <= 1e-4)) expect([a, b]).toBe("equal");
      }
    }
  }
  // A metric that is no product is scored pair by pair.
  const [slow, fast] = await Promise.all([{}, { multiply }].map((by) => scoreTable(hamming(), set, by)));
  expect(fast.at(1049, 3)).toBe(slow.at(1049, 3));
});

test("a table holds the score of every pair, in either order", async () => {
  const set = population([2, 3, 2]);
  const seen: number[] = [];
  const table = await scoreTable(cosine, set, { onProgress: (done) => seen.push(done) });
  for (let a = 0; a < set.rows; a++) {
    for (let b = 0; b < a; b++) {
      const [score] = cosine.score(set, [[a, b]]);
      expect([table.at(a, b), table.at(b, a)]).toEqual([Math.fround(score), Math.fround(score)]);
    }
  }
  expect(() => table.at(1, 1)).toThrow("not compared with itself");
  expect(seen.at(-1)).toBe(21);
  await expect(scoreTable(cosine, population([1]))).rejects.toThrow("needs 2 to 30000 faces, got 1");
});

describe("the largest scores", () => {
  const scores = fc.array(fc.integer({ min: -6, max: 6 }), { minLength: 1, maxLength: 200 });
  test("give the lowest threshold that lets no more than the rate through, ties and all", () => {
    fc.assert(
      fc.property(scores, fc.constantFrom(0, 0.01, 0.1, 0.25), (all, rate) => {
        const largest = largestScores(all.length, 0.25);
        for (const score of all) largest.add(score);
        const threshold = largest.thresholdAt(rate);
        const share = (t: number) => all.filter((score) => score > t).length / all.length;
        expect(share(threshold)).toBeLessThanOrEqual(rate);
        const lower = [...all, -7].filter((score) => score < threshold);
        for (const t of lower) expect(share(t)).toBeGreaterThan(rate);
      }),
      { seed: 1 },
    );
  });

  test("are asked only for what was kept", () => {
    const largest = largestScores(1000, 0.01);
    for (let i = 0; i < 1000; i++) largest.add(i);
    expect(largest.thresholdAt(0.01)).toBe(989);
    expect(() => largest.thresholdAt(0.02)).toThrow("kept for rates up to 0.01 of 1000 scores, asked 0.02");
  });
});

describe("closed-set identification", () => {
  test("by hand: ranks are those of people, by the best of their faces", () => {
    const identities = ["a", "a", "b", "c", "a", "c"]; // the last two are probes
    const alike = new Map([
      ["0,4", 1],
      ["1,4", 5],
      ["2,4", 4],
      ["3,4", 3],
      ["0,5", 7],
      ["1,5", 1],
      ["2,5", 8],
      ["3,5", 6],
    ]);
    const table = tableOf(6, (a, b) => alike.get(`${a},${b}`)!);
    const result = closedSet(enrolByBest(table, identities, [0, 1, 2, 3]), identities, [4, 5]);
    expect(result).toEqual({
      people: 3,
      faces: 4,
      probes: 2,
      rank1: 0.5,
      cumulativeMatch: [
        { rank: 1, rate: 0.5 },
        { rank: 2, rate: 0.5 },
        { rank: 3, rate: 1 },
      ],
    });
  });

  test("agrees with sorting the gallery for every probe", async () => {
    const set = population([3, 3, 2, 4, 1, 1, 3], { noise: 1.2 });
    const table = await scoreTable(cosine, set);
    const gallery = [0, 3, 6, 8, 9, 12, 13, 14];
    const probes = [...set.identities.keys()].filter((row) => !gallery.includes(row));
    const ranks = probes.map((probe) => {
      const order = gallery
        .map((row) => ({ person: set.identities[row], score: cosine.score(set, [[probe, row]])[0] }))
        .sort((p, q) => q.score - p.score);
      const people = [...new Set(order.map(({ person }) => person))];
      return people.indexOf(set.identities[probe]) + 1;
    });
    const { rank1, cumulativeMatch } = closedSet(
      enrolByBest(table, set.identities, gallery),
      set.identities,
      probes,
    );
    expect(Math.max(...ranks)).toBeGreaterThan(1);
    for (const { rank, rate } of cumulativeMatch) {
      expect(rate).toBe(ranks.filter((r) => r <= rank).length / ranks.length);
    }
    expect(cumulativeMatch[0]).toEqual({ rank: 1, rate: rank1 });
    expect(cumulativeMatch.at(-1)!.rate).toBeGreaterThanOrEqual(rank1);
  });

  test("a system that finds all alike ranks the right person last, not first", () => {
    const identities = ["a", "b", "c", "a"];
    const result = closedSet(
      enrolByBest(
        tableOf(4, () => 1),
        identities,
        [0, 1, 2],
      ),
      identities,
      [3],
    );
    expect(result.rank1).toBe(0);
    expect(result.cumulativeMatch.at(-1)).toEqual({ rank: 3, rate: 1 });
  });

  test("random scores find one person in as many as are enrolled", () => {
    const people = Array.from({ length: 50 }, (_, i) => `p${i}`);
    const identities = [...people, ...Array.from({ length: 2000 }, (_, i) => people[i % 50])];
    const rng = createRng(1);
    const table = tableOf(identities.length, () => rng.uniform());
    const probes = Array.from({ length: 2000 }, (_, i) => 50 + i);
    const { rank1, cumulativeMatch } = closedSet(
      enrolByBest(table, identities, [...people.keys()]),
      identities,
      probes,
    );
    expect(rank1).toBeGreaterThan(0.01);
    expect(rank1).toBeLessThan(0.03); // 0.02 ± 3 standard errors
    expect(cumulativeMatch.find(({ rank }) => rank === 10)!.rate).toBeCloseTo(0.2, 1);
  });

  test("a probe of nobody enrolled is refused", () => {
    const identities = ["a", "b"];
    const enrolment = enrolByBest(
      tableOf(2, () => 1),
      identities,
      [0],
    );
    expect(() => closedSet(enrolment, identities, [1])).toThrow("b of a probe is not enrolled");
    expect(() => closedSet(enrolment, identities, [])).toThrow("needs probes, got none");
  });
});

describe("open-set identification", async () => {
  const set = population([4, 4, 4, 4, 4, 4, 1, 1, 2, 2, 1, 3], { noise: 0.9, seed: 3 });
  const rowsOf = (person: number) =>
    [...set.identities.keys()].filter((row) => set.identities[row] === `P${person}`);
  const known = [0, 1, 2, 3, 4, 5].map(rowsOf);
  const lists = {
    gallery: known.flatMap((rows) => rows.slice(0, 2)),
    genuine: known.flatMap(([, , ...rest]) => rest),
    impostors: [6, 7, 8, 9, 10, 11].flatMap(rowsOf),
  };
  const table = await scoreTable(cosine, set);
  const { matcher } = await fitMatcher(population(Array(40).fill(4), { seed: 9 }), { components: 6 });

  test.each(["best", "set"])("by the %s score agrees with doing it probe by probe", (kind) => {
    const enrolment =
      kind === "best"
        ? enrolByBest(table, set.identities, lists.gallery)
        : enrolBySet(matcher, matcher.project(set), set.identities, lists.gallery);
    const { values, columns } = matcher.project(set);
    const at = (row: number) => values.subarray(row * columns, (row + 1) * columns);
    const scores = (probe: number) =>
      [0, 1, 2, 3, 4, 5].map((person) => {
        const faces = lists.gallery.filter((row) => set.identities[row] === `P${person}`);
        if (kind === "set") return matcher.sets([at(probe)], faces.map(at));
        return Math.max(
          ...cosine.score(
            set,
            faces.map((face) => [probe, face] as const),
          ),
        );
      });
    const highest = lists.impostors.map((probe) => Math.max(...scores(probe))).sort((a, b) => b - a);
    const result = openSet(enrolment, set.identities, lists);
    expect(result).toMatchObject({ people: 6, faces: 12, genuine: 12, impostors: highest.length });
    for (const { falseAlarmRate, rate } of result.detection) {
      const allowed = Math.floor(falseAlarmRate * highest.length + 1e-9);
      const threshold = highest[allowed] ?? Number.NEGATIVE_INFINITY;
      const found = lists.genuine.filter((probe) => {
        const all = scores(probe);
        const own = all[Number(set.identities[probe].slice(1))];
        return own === Math.max(...all) && own > threshold;
      });
      expect(rate).toBe(found.length / lists.genuine.length);
    }
    expect(new Set(result.detection.map(({ rate }) => rate)).size).toBeGreaterThan(1); // it does depend
  });

  test("more false alarms never find fewer people, and all of them find the rank-1 rate of the closed set", () => {
    const enrolment = enrolByBest(table, set.identities, lists.gallery);
    const rates = openSet(enrolment, set.identities, lists).detection.map(({ rate }) => rate);
    expect(rates).toHaveLength(REPORTED_ALARM_RATES.length);
    expect(rates).toEqual([...rates].sort((a, b) => a - b));
    expect(rates.at(-1)).toBe(closedSet(enrolment, set.identities, lists.genuine).rank1);
  });

  test("an impostor who is enrolled is refused", () => {
    const enrolment = enrolByBest(table, set.identities, lists.gallery);
    const wrong = { ...lists, impostors: [...lists.impostors, lists.genuine[0]] };
    expect(() => openSet(enrolment, set.identities, wrong)).toThrow(
      "P0 is enrolled and cannot be an impostor",
    );
    expect(() => openSet(enrolment, set.identities, { ...lists, impostors: [] })).toThrow(InputError);
  });
});

describe("lists", () => {
  const faces = Array.from({ length: 120 }, (_, i) => (i % 3 === 0 ? 2 + (i % 7) : 1));
  const { identities } = population(faces, { dimension: 1 });
  const sizes = { people: 20, faces: 100, gallery: 60 };
  const draw = (seed: number, preferred?: ReadonlySet<string>) =>
    drawIdentificationLists(identities, { ...sizes, seed, preferred });

  test("have their sizes; nobody is known and an impostor, no face is enrolled and looked for", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1000 }), (seed) => {
        const { closed, openSingle, openMany } = draw(seed);
        const people = (rows: readonly number[]) => new Set(rows.map((row) => identities[row]));
        expect([closed.gallery.length, people(closed.gallery).size]).toEqual([60, 60]);
        expect([openSingle.gallery.length, people(openSingle.gallery).size]).toEqual([20, 20]);
        expect([openMany.genuine, openMany.gallery]).toEqual([openSingle.gallery, openSingle.genuine]);
        expect(openSingle.genuine).toEqual(closed.probes);
        const known = openSingle.gallery.length + openSingle.genuine.length;
        expect(Math.abs(known - sizes.faces)).toBeLessThanOrEqual(1);
        expect(known + openSingle.impostors.length).toBe(identities.length);
        for (const person of people(closed.probes)) expect(people(closed.gallery)).toContain(person);
        for (const person of people(openSingle.impostors))
          expect(people(openSingle.gallery)).not.toContain(person);
        for (const row of closed.probes) expect(closed.gallery).not.toContain(row);
      }),
      { seed: 1, numRuns: 25 },
    );
  });

  test("depend on the seed alone, and take the preferred people first", () => {
    expect(draw(4)).toEqual(draw(4));
    expect(draw(4)).not.toEqual(draw(5));
    const preferred = new Set(["P0", "P3", "P9", "P1"]); // P1 has one face
    const known = new Set(draw(4, preferred).openSingle.gallery.map((row) => identities[row]));
    for (const person of ["P0", "P3", "P9"]) expect(known).toContain(person);
    expect(known).not.toContain("P1");
  });

  test("that cannot be drawn are refused with what there is", () => {
    const want = (more: object) => () => drawIdentificationLists(identities, { ...sizes, seed: 1, ...more });
    expect(want({ people: 41 })).toThrow("needs 41 people of two faces or more, got 40");
    expect(want({ faces: 5000 })).toThrow("no draw of 20 people came to 5000 faces");
    expect(want({ gallery: 101 })).toThrow("a gallery of 101 needs 81 people of one face, got 80");
    expect(() => drawBlufrTrial(identities, { training: 30, gallery: 95, seed: 1 })).toThrow(
      "BLUFR: a gallery of 95",
    );
  });

  test("of BLUFR part the people into training and test, and the test faces into three", () => {
    const {
      training,
      test: tested,
      gallery,
      genuine,
      impostors,
    } = drawBlufrTrial(identities, {
      training: 30,
      gallery: 15,
      seed: 2,
    });
    const people = (rows: readonly number[]) => new Set(rows.map((row) => identities[row]));
    expect([people(training).size, people(tested).size, gallery.length]).toEqual([30, 90, 15]);
    expect([...gallery, ...genuine, ...impostors].sort((a, b) => a - b)).toEqual(tested);
    expect([...training, ...tested].sort((a, b) => a - b)).toEqual([...identities.keys()]);
    for (const person of people(genuine)) expect(people(gallery)).toContain(person);
    for (const person of people(impostors)) expect(people(gallery)).not.toContain(person);
  });

  const landmarks = fileURLToPath(new URL("../../../../shared/data/lfw/landmarks_5pt.txt", import.meta.url));
  const absent = existsSync(landmarks) ? "" : " (skipped: LFW is not beside this repository)";
  test.skipIf(absent)(`of LFW have the sizes that are published${absent}`, async () => {
    const lines = (await readFile(landmarks, "utf8")).trim().split("\n");
    const people = lines.map((line) => line.split("/")[0]);
    const { closed, openSingle } = drawIdentificationLists(people, { seed: 1 });
    expect(closed.gallery).toHaveLength(4249);
    expect(openSingle.gallery).toHaveLength(596);
    expect(Math.abs(closed.probes.length - 3143)).toBeLessThanOrEqual(37);
    expect(596 + closed.probes.length + openSingle.impostors.length).toBe(13233);
    const trial = drawBlufrTrial(people, { seed: 1 });
    expect(trial.gallery).toHaveLength(1000);
    expect(Math.abs(trial.test.length / 9708 - 1)).toBeLessThan(0.06); // 9,708 on average
  });
});

test("BLUFR agrees with scoring every pair of test faces", async () => {
  const set = population([3, 2, 4, 1, 1, 5, 2, 1, 3, 1, 1, 2], { noise: 0.8 });
  const trial = drawBlufrTrial(set.identities, { training: 3, gallery: 3, seed: 6 });
  const table = await scoreTable(cosine, set);
  const result = blufr(table, set.identities, trial);
  const pairs = trial.test.flatMap((a, i) => trial.test.slice(0, i).map((b) => [a, b] as const));
  const scored = pairs.map(([a, b]) => ({
    same: set.identities[a] === set.identities[b],
    score: Math.fround(cosine.score(set, [[a, b]])[0]),
  }));
  const impostors = scored.filter(({ same }) => !same).sort((p, q) => q.score - p.score);
  const genuine = scored.filter(({ same }) => same);
  expect(result).toMatchObject({ genuinePairs: genuine.length, impostorPairs: impostors.length });
  for (const { falseAcceptRate, rate } of result.verification) {
    const threshold = impostors[Math.floor(falseAcceptRate * impostors.length)].score;
    expect(rate).toBe(genuine.filter(({ score }) => score > threshold).length / genuine.length);
  }
  const enrolment = enrolByBest(table, set.identities, trial.gallery);
  expect(result.openSet).toEqual(openSet(enrolment, set.identities, trial));
});

describe("binary codes", async () => {
  const training = population(Array(60).fill(5), { dimension: 40, noise: 0.7, seed: 5 });
  const all = population(Array(100).fill(2), { dimension: 40, noise: 0.7, seed: 5 });
  const set = selectPeople(all, (person) => Number(person.slice(1)) >= 60);
  const folds = [0, 1].map((fold) =>
    Array.from({ length: 20 }, (_, i) => 2 * (2 * i + fold)).flatMap((a, i, rows) => [
      { a, b: a + 1, same: true },
      { a, b: rows[(i + 1) % rows.length] + 1, same: false },
    ]),
  );

  test("are compared by Joint Bayesian learned from bits, and by the Hamming distance", async () => {
    const result = await binaryCodes(set, folds, { training });
    expect(result).toMatchObject({ threshold: "zero", bits: 40, bytes: 8 });
    expect(result.hamming.accuracy.mean).toBeGreaterThan(0.85);
    expect(result.jointBayesian.accuracy.mean).toBeGreaterThan(0.85);
    const { matcher } = await fitMatcher(bitsAsNumbers(training), { normalise: false });
    const scores = jointBayesian(matcher);
    const expected = folds.map((fold) =>
      fold.map(({ a, b, same }) => ({ same, score: scores.score(bitsAsNumbers(set), [[a, b]])[0] })),
    );
    expect(result.jointBayesian).toEqual(verification(expected, "joint Bayesian on bits"));
    const distances = folds.map((fold) =>
      fold.map(({ a, b, same }) => ({ same, score: hamming().score(set, [[a, b]])[0] })),
    );
    expect(result.hamming).toEqual(verification(distances, "Hamming"));
    expect(result.firing).toBe([...set.values].filter((value) => value > 0).length / set.values.length);
  });

  test("do not change with the scale of a neuron; at the training people's medians, nor with its level", async () => {
    const shifted = (from: FeatureSet) => ({
      ...from,
      values: from.values.map((x, i) => 3 * x + (i % 40) - 20),
    });
    const plain = await binaryCodes(set, folds, { training, threshold: "median" });
    const moved = await binaryCodes(shifted(set), folds, {
      training: shifted(training),
      threshold: "median",
    });
    expect(moved).toEqual(plain);
    expect(plain.firing).toBeGreaterThan(0.4);
    expect(plain.firing).toBeLessThan(0.6);
  });

  test("are not tested on people they have learned from, and those are named", async () => {
    await expect(binaryCodes(all, folds, { training })).rejects.toThrow(
      /60 people of the test set are in the training set: "P0", "P1"/,
    );
    await expect(binaryCodes(all, folds, { training })).rejects.toThrow(DataError);
    const narrow = population([2, 2], { dimension: 3 });
    await expect(binaryCodes(set, folds, { training: narrow })).rejects.toThrow(
      "dimension 40 like the test's, got 3",
    );
  });
});

describe("videos", () => {
  const rng = createRng(8);
  const videos = ["A/0", "A/1", "B/0", "B/3"];
  const names = videos.flatMap((video) => Array.from({ length: 3 }, (_, i) => `${video}/${i}`));
  const set = createFeatureSet(
    Float32Array.from({ length: 12 * 4 }, () => rng.normal()),
    4,
    {
      names,
      identities: names.map((name) => name[0]),
    },
  );
  const pair = (a: string, b: string) => ({ a, b, same: a[0] === b[0] });
  const list = {
    folds: [
      [pair("A/0", "A/1"), pair("A/0", "B/3")],
      [pair("B/0", "B/3"), pair("B/0", "A/1")],
    ],
  };

  test("are scored by the mean over all pairs of frames", () => {
    const scored = scoreVideoFolds(meanCosine, set, list);
    for (const [k, fold] of list.folds.entries()) {
      for (const [i, { a, b, same }] of fold.entries()) {
        let sum = 0;
        for (let x = 0; x < 3; x++) {
          for (let y = 0; y < 3; y++) {
            sum += cosine.score(set, [[names.indexOf(`${a}/${x}`), names.indexOf(`${b}/${y}`)]])[0];
          }
        }
        expect(scored[k][i].score).toBeCloseTo(sum / 9, 6); // unit vectors are float32
        expect(scored[k][i].same).toBe(same);
      }
    }
  });

  test("without frames are refused", () => {
    expect(() => scoreVideoFolds(meanCosine, set, { folds: [[pair("A/0", "C/1")]] })).toThrow(
      "no frame of the video C/1 of the pairs",
    );
  });
});

test("the spread of repeated draws: mean and standard deviation", () => {
  expect(spreadOf([1, 2, 3, 4])).toEqual({ mean: 2.5, deviation: Math.sqrt(5 / 3) });
  expect(spreadOf([7])).toEqual({ mean: 7, deviation: 0 });
  expect(() => spreadOf([])).toThrow(InputError);
});
