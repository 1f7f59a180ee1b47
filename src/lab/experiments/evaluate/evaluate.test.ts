/** Evaluations called as functions: features in, numbers, words and a figure out. */
import { expect, test } from "vitest";
import { createFeatureSet } from "../../../matching/features/index.ts";
import {
  evaluateBlufr,
  evaluateGroups,
  evaluateVerification,
  evaluateVideos,
  peopleInGroups,
} from "../index.ts";

/** Eight people with three pictures each, each person along an axis of their own. */
const PEOPLE = 8;
const PICTURES = 3;
const rows = Array.from({ length: PEOPLE * PICTURES }, (_, row) => ({
  person: `P${Math.floor(row / PICTURES)}`,
  picture: row % PICTURES,
}));
const names = rows.map(({ person, picture }) => `${person}/${person}_${picture}`);
const set = createFeatureSet(
  Float32Array.from({ length: rows.length * PEOPLE }, (_, i) => {
    const { person, picture } = rows[Math.floor(i / PEOPLE)];
    return Number(person.slice(1)) === i % PEOPLE ? 1 : 0.01 * picture;
  }),
  PEOPLE,
  { names, identities: rows.map(({ person }) => person) },
);
const pair = (a: string, b: string, same: boolean) => ({ a: `${a}/${a}_0`, b: `${b}/${b}_1`, same });
const folds = [0, 2, 4].map((first) => [
  pair(`P${first}`, `P${first}`, true),
  pair(`P${first + 1}`, `P${first + 1}`, true),
  pair(`P${first}`, `P${first + 1}`, false),
  pair(`P${first + 1}`, `P${first}`, false),
]);

test("verification tells people on axes of their own apart, and says which pairs it cannot score", () => {
  const { data, text, figure } = evaluateVerification(
    { set },
    { folds },
    { metrics: ["cosine", "euclidean"] },
  );
  expect(data).toMatchObject({ metric: "cosine", accuracy: { mean: 1 }, auc: 1, images: 12 });
  expect(data.metrics?.map(({ metric }) => metric)).toEqual(["cosine", "euclidean"]);
  expect(text).toMatch(/^cosine .*\neuclidean .*\n12 pairs of 12 pictures in 3 folds$/);
  expect(figure?.()).toMatch(/^<svg/);

  const more = [...folds[0], { a: names[0], b: "Nobody/Nobody_0", same: false }];
  const partly = evaluateVerification({ set }, { folds: [more, ...folds.slice(1)] }, { metrics: ["cosine"] });
  expect(partly.data).toMatchObject({ pairs: 12, pairsLeftOut: 1 });
});

test("Joint Bayesian needs a matcher", () => {
  const metrics = ["joint-bayesian"] as const;
  expect(() => evaluateVerification({ set }, { folds }, { metrics })).toThrow(
    "joint-bayesian needs a matcher",
  );
  expect(() => evaluateVideos({ set }, { folds }, "joint-bayesian")).toThrow(
    "joint-bayesian needs a matcher",
  );
});

test("BLUFR is reported as mean minus deviation, without an engine's options", async () => {
  const { data } = await evaluateBlufr({ set }, { metric: "cosine", draws: 2, training: 2, gallery: 3 });
  expect(data).toMatchObject({
    seeds: [1, 2],
    openSet: { people: 3 },
    meanMinusDeviation: { verificationAtFalseAcceptRate0001: 1, detectionAtFalseAlarmRate001: 1 },
  });
});

test("groups are scored by the attribute that their pictures show", () => {
  const first = rows.map(({ person }) => (Number(person.slice(1)) < 4 ? 1 : -1));
  const ratings = {
    pictures: names,
    attributes: new Map([
      ["First", Int8Array.from(first)],
      ["Second", Int8Array.from(first, (rating) => -rating)],
    ]),
  };
  const people = peopleInGroups(ratings, [["First", "Second"]]);
  expect(people.get("Second")).toEqual(new Set(["P4", "P5", "P6", "P7"]));
  const { data, text } = evaluateGroups({ set }, people, { metric: "cosine", seed: 1, resamples: 100 });
  expect(data.groups.map(({ group, accuracy }) => [group, accuracy.value])).toEqual([
    ["everybody", 1],
    ["First", 1],
    ["Second", 1],
  ]);
  expect(text).toMatch(/^everybody +8 people +accuracy 100\.0 %/);
});
