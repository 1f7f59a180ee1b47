import { describe, expect, test } from "vitest";
import { COLUMN, permuteColumns, planted } from "../../../test/support/planted.ts";
import { InputError } from "../../base/errors/index.ts";
import { createRng } from "../../base/random/index.ts";
import { selectColumns } from "../../matching/features/index.ts";
import {
  allFeaturesScores,
  attributeTasks,
  dealHalves,
  personTasks,
  singleFeatureScores,
} from "../../matching/probes/index.ts";
import { excitation, selectivity, selectivityFinding } from "./index.ts";

const { set, table, has } = planted();
const [male] = attributeTasks(set, table, { attributes: ["Male"] });
const [person] = personTasks(set, { people: ["person-0"] });
const halves = dealHalves(set, "picture", createRng(1));

describe("tasks", () => {
  test("an attribute's negatives are the pictures of its opposite", () => {
    expect([male.positives, male.negatives, male.against]).toEqual([120, 120, "Female"]);
    expect([...male.labels].map((label) => label > 0)).toEqual(has);
  });

  test("a picture that has both of two opposites is left out, one that lies in no table too", () => {
    const both = new Map(table.attributes).set("Female", new Int8Array(set.rows).fill(1));
    expect(
      attributeTasks(set, { ...table, attributes: both }, { attributes: ["Male"], least: 0 })[0].positives,
    ).toBe(0);
    const few = { pictures: table.pictures.slice(0, 9), attributes: table.attributes };
    const [task] = attributeTasks(set, few, { attributes: ["Male"], least: 1 });
    expect([task.positives, task.negatives]).toEqual([8, 1]);
  });

  test("without opposites the rest is negative, unless the table knows what is absent", () => {
    const one = (values: number[]) => ({
      pictures: set.names.slice(0, 4),
      attributes: new Map([["Beard", Int8Array.from(values)]]),
    });
    const counts = (values: number[]) => {
      const [{ positives, negatives }] = attributeTasks(set, one(values), {
        attributes: ["Beard"],
        least: 0,
      });
      return [positives, negatives];
    };
    expect(counts([1, 0, 0, 1])).toEqual([2, 2]);
    expect(counts([1, 0, -1, 1])).toEqual([2, 1]);
  });

  test("people come with most pictures first; unknown names are refused", () => {
    expect(personTasks(set, { least: 8 })).toHaveLength(30);
    expect(personTasks(set, { least: 9 })).toHaveLength(0);
    expect(() => personTasks(set, { people: ["nobody"] })).toThrow("nobody needs 2 pictures or more, got 0");
    expect(() => attributeTasks(set, table, { attributes: ["Beard"] })).toThrow(InputError);
    const others = { ...table, pictures: table.pictures.map((name) => `x${name}`) };
    expect(() => attributeTasks(set, others)).toThrow("name none of the pictures");
  });
});

describe("halves", () => {
  test("by picture every person is in both, evenly; by person in one", () => {
    for (let first = 0; first < set.rows; first += 8) {
      expect(halves.slice(first, first + 8).reduce((a, b) => a + b)).toBe(4);
    }
    const byPerson = dealHalves(set, "person", createRng(1));
    for (let row = 0; row < set.rows; row++) expect(byPerson[row]).toBe(byPerson[row - (row % 8)]);
    expect(byPerson.reduce((a, b) => a + b)).toBe(set.rows / 2);
  });
});

describe("single features", async () => {
  const [ofMale, ofPerson] = await singleFeatureScores(set, [male, person], halves);

  test("the feature that is the attribute is chosen and is always right, noise guesses", () => {
    expect(ofMale.accuracy).toBe(1);
    expect(ofMale.ofFeature[COLUMN.attribute]).toBe(1);
    expect(ofMale.ofFeature[COLUMN.opposite]).toBe(1); // below its threshold
    expect(Math.abs(ofMale.ofFeature[COLUMN.noise] - 0.5)).toBeLessThan(0.12);
    expect(ofMale.chosen.map(({ feature, direction }) => [feature, direction])).toEqual([
      [COLUMN.attribute, 1],
      [COLUMN.attribute, 1],
    ]);
  });

  test("a person's own neuron is found", () => {
    expect(ofPerson.chosen.map(({ feature }) => feature)).toEqual([COLUMN.person, COLUMN.person]);
    expect(ofPerson.accuracy).toBe(1);
  });

  test("moving columns moves the answers and changes nothing else", async () => {
    const order = [5, 3, 0, 7, 2, 1, 6, 4];
    const [moved] = await singleFeatureScores(permuteColumns(set, order), [male], halves);
    expect([...moved.ofFeature]).toEqual(order.map((from) => ofMale.ofFeature[from]));
    expect(moved.accuracy).toBe(ofMale.accuracy);
  });

  test("thresholds are chosen on one half only: labels that are chance there are no better than chance on the other", async () => {
    const rng = createRng(7);
    const labels = Int8Array.from(male.labels, () => (rng.uniform() < 0.5 ? 1 : -1));
    const wide = planted({ dimension: 200 }).set;
    const [chance] = await singleFeatureScores(wide, [{ ...male, labels }], halves);
    expect(Math.abs(chance.accuracy - 0.5)).toBeLessThan(0.1); // the best of 200 on its own half reaches 0.6
  });

  test("agrees with trying every threshold", async () => {
    const small = planted({ people: 6, pictures: 6, seed: 5 }).set;
    const [task] = personTasks(small, { people: ["person-1"] });
    const deal = dealHalves(small, "picture", createRng(2));
    const [score] = await singleFeatureScores(small, [task], deal);
    for (const [learn, { feature, threshold, direction, accuracy }] of score.chosen.entries()) {
      const rate = (half: number, at: number, sign: number, column: number) => {
        const of = (label: number) => {
          const rows = [...deal.keys()].filter((row) => deal[row] === half && task.labels[row] === label);
          const yes = rows.filter((row) => sign * (small.values[row * 8 + column] - at) > 0);
          return yes.length / rows.length;
        };
        return 0.5 * (of(1) + 1 - of(-1));
      };
      const best = Math.max(
        ...[0, 1, 2, 3, 4, 5, 6, 7].flatMap((column) =>
          [...small.values].flatMap((at) => [rate(learn, at, 1, column), rate(learn, at + 1e-9, -1, column)]),
        ),
      );
      expect(rate(learn, threshold, direction, feature)).toBeCloseTo(best, 12);
      expect(accuracy).toBeCloseTo(rate(1 - learn, threshold, direction, feature), 12);
    }
  });

  test("a task without both kinds in both halves is refused", async () => {
    const labels = Int8Array.from(male.labels, (label, row) => (halves[row] === 0 ? label : 1));
    await expect(singleFeatureScores(set, [{ ...male, labels }], halves)).rejects.toThrow(
      "both kinds in both halves",
    );
  });
});

test("all features together are right where one is", async () => {
  const [score] = await allFeaturesScores(set, [male], halves, { by: "picture", rng: createRng(1) });
  expect(score.accuracy).toBe(1);
  expect(await allFeaturesScores(set, [], halves, { by: "picture", rng: createRng(1) })).toEqual([]);
  const noise = permuteColumns(set, [1, 1, 1, 1, 4, 5, 6, 7]);
  const [chance] = await allFeaturesScores(noise, [male], halves, { by: "picture", rng: createRng(1) });
  expect(Math.abs(chance.accuracy - 0.5)).toBeLessThan(0.1); // 3 standard errors of 240 guesses
});

test("excited neurons lie higher on the class; profiles are sorted by it", () => {
  const { neurons } = excitation(set, male);
  const at = (column: number) => neurons.find(({ neuron }) => neuron === column)!;
  expect(at(COLUMN.attribute).excited).toBe(true);
  expect(at(COLUMN.opposite).excited).toBe(false);
  expect(at(COLUMN.opposite).mean).toBe(0);
  expect(at(COLUMN.attribute).mean).toBeCloseTo(1.5, 1);
  expect(at(COLUMN.attribute).deviation).toBeCloseTo(Math.sqrt(1 / 12), 1);
  expect(neurons.map(({ mean }) => mean)).toEqual([...neurons.map(({ mean }) => mean)].sort((a, b) => b - a));
});

describe("the study", () => {
  test("finds planted neurons selective and noise beside them not", async () => {
    const noise = selectColumns(permuteColumns(set, [1, 4, 5, 6, 7, 1, 1, 1]), 0, 4);
    const features = [
      { name: "planted", set, subject: true },
      { name: "noise", set: noise, subject: false },
    ];
    const { result, ofNeurons } = await selectivity(features, [male, person], { seed: 1 });
    expect(selectivityFinding(result).holds).toBe(true);
    const subject = (name: string) => ({ ...features[name === "noise" ? 1 : 0], subject: true });
    const alone = await selectivity([subject("noise")], [male, person], { seed: 1, together: false });
    expect(selectivityFinding(alone.result).holds).toBe(false);
    expect(result.scores.filter(({ by }) => by === "person").map(({ task }) => task)).toEqual([
      "Male",
      "Male",
    ]);
    expect(ofNeurons.get("Male")?.ofFeature[COLUMN.attribute]).toBe(1);
  });

  test("halves by person forget what only tells people", async () => {
    // Each person's own neuron tells an attribute of people by picture, and says nothing of people never seen.
    const { set: base, has: male0 } = planted({ people: 24, pictures: 6, dimension: 24 });
    const values = Float32Array.from(base.values, (_, at) =>
      base.identities[Math.floor(at / 24)] === `person-${at % 24}` ? 1 : 0,
    );
    const own = { ...base, values };
    const task = {
      ...male,
      labels: Int8Array.from(male0, (it) => (it ? 1 : -1)),
      positives: 72,
      negatives: 72,
    };
    const { result } = await selectivity([{ name: "own", set: own, subject: true }], [task], { seed: 1 });
    const all = (by: string) => result.scores.find((score) => score.by === by)!.all!;
    expect(all("picture")).toBe(1);
    expect(all("person")).toBeLessThan(0.6);
  });
});
