import { describe, expect, test } from "vitest";
import { COLUMN, planted } from "../../../test/support/planted.ts";
import { createRng } from "../../base/random/index.ts";
import { TEMPLATE, WHOLE_FACE } from "../../faces/face/index.ts";
import { createFeatureSet } from "../../matching/features/index.ts";
import { attributeTasks, dealHalves, personTasks, singleFeatureScores } from "../../matching/probes/index.ts";
import {
  activationFinding,
  activationStudy,
  coveredFaces,
  neuronDossier,
  sensitivityPatches,
} from "./index.ts";

const { set, table } = planted();
const tasks = [...personTasks(set, { people: ["person-0"] }), ...attributeTasks(set, table)];
const halves = dealHalves(set, "picture", createRng(1));
const scores = await singleFeatureScores(set, tasks, halves);

describe("histograms of activations", () => {
  const study = activationStudy(set, tasks, scores, { seed: 1, neurons: 1, bins: 10 });
  const sex = study.groups.find(({ name }) => name === "sex")!;

  test("show the neuron that is the attribute always firing for it and never for its opposite", () => {
    const [male, female] = sex.rows;
    expect([male.name, female.name]).toEqual(["Male", "Female"]);
    const own = male.panels[0];
    expect([own.neuron, own.chosenAs, own.accuracy, own.fires]).toEqual([COLUMN.attribute, "excited", 1, 1]);
    const inhibited = male.panels[1];
    expect([inhibited.neuron, inhibited.chosenAs, inhibited.fires]).toEqual([
      COLUMN.opposite,
      "inhibited",
      0,
    ]);
    expect(inhibited.histogram.counts[0]).toBe(120); // all of them silent
    expect([female.panels[0].neuron, female.panels[0].chosenAs, female.panels[0].fires]).toEqual([
      COLUMN.attribute,
      null,
      0,
    ]);
  });

  test("show attributes that are asked for, one alone too", () => {
    const male = tasks.filter(({ name }) => name === "Male");
    const own = male.map((task) => scores.find(({ task: of }) => of === task.name)!);
    const of = (asked?: string[]) => activationStudy(set, male, own, { seed: 1, neurons: 1, asked }).groups;
    expect(of(["Male", "Nothing"]).map(({ name, rows }) => [name, rows.length])).toEqual([
      ["people", 1],
      ["asked", 1],
    ]);
    for (const none of [[], undefined]) expect(of(none).map(({ name }) => name)).toEqual(["people"]);
  });

  test("count every picture once", () => {
    const sum = (counts: readonly number[]) => counts.reduce((a, b) => a + b, 0);
    const [all, ofPerson] = study.groups[0].rows;
    expect(sum(all.panels[0].histogram.counts)).toBe(set.rows);
    expect([ofPerson.name, sum(ofPerson.panels[0].histogram.counts)]).toEqual(["person-0", 8]);
  });

  test("the claim holds for attributes that neurons are, and not for noise", () => {
    const two = tasks.filter(({ kind }) => kind === "attribute");
    const of = (task: { name: string }) => scores.find((score) => score.task === task.name)!;
    expect(activationFinding(activationStudy(set, two, two.map(of), { seed: 1, neurons: 1 })).holds).toBe(
      true,
    );
    const noise = { ...set, values: set.values.map((_, i) => Math.max(0, Math.sin(12.9898 * i * i))) };
    expect(activationFinding(activationStudy(noise, two, two.map(of), { seed: 1, neurons: 1 })).holds).toBe(
      false,
    );
    expect(activationFinding(activationStudy(set, [], [], { seed: 1 })).holds).toBeNull();
  });

  test("the claim does not hold for noise, however many neurons there are to choose from", async () => {
    const rng = createRng(8);
    const people = 20;
    const identities = Array.from({ length: people * 20 }, (_, row) => `p${row % people}`);
    const names = identities.map((person, row) => `${person}/${row}`);
    const wide = Float32Array.from({ length: names.length * 400 }, () => Math.max(0, rng.normal()));
    const noise = createFeatureSet(wide, 400, { names, identities });
    const classes = personTasks(noise, { least: 20 });
    const halves = dealHalves(noise, "picture", createRng(1));
    const judged = await singleFeatureScores(noise, classes, halves);
    const study = activationStudy(noise, classes, judged, { seed: 1, neurons: 5 });
    expect(classes).toHaveLength(people);
    expect(activationFinding(study).holds).toBe(false);
  });
});

describe("a neuron's dossier", () => {
  test("says when it fires, whom and what it tells, and which pictures excite it most", async () => {
    const dossier = await neuronDossier(set, COLUMN.person, { tasks, pictures: 8 });
    expect(dossier.entries[0]).toMatchObject({ name: "person-0", accuracy: 1, excited: true, pictures: 8 });
    expect(dossier.top.map((row) => set.identities[row])).toEqual(Array(8).fill("person-0"));
    expect(dossier.activation.most).toBe(set.values[dossier.top[0] * set.dimension + COLUMN.person]);
    const opposite = await neuronDossier(set, COLUMN.opposite, { tasks });
    expect(opposite.fires).toBe(0.5);
    const male = opposite.entries.find(({ name }) => name === "Male")!;
    expect([male.excited, male.accuracy, male.mean]).toEqual([false, 1, 0]);
  });

  test("is refused for neurons that are not there", async () => {
    await expect(neuronDossier(set, 8, { tasks })).rejects.toThrow("neurons 0 to 7, got 8");
  });
});

test("covered squares lie inside the whole-face region, cover all of its middle, and touch nothing else", async () => {
  const patches = sensitivityPatches();
  const pixels = new Uint8Array(TEMPLATE.width * TEMPLATE.height * 3).fill(7);
  const faces = { count: 1, names: ["a"], identities: ["a"], readRange: async () => pixels };
  const seen = new Uint8Array(TEMPLATE.width * TEMPLATE.height);
  for (const patch of patches) {
    const covered = await coveredFaces(faces, patch).readRange(0, 1);
    let count = 0;
    for (let i = 0; i < seen.length; i++) {
      if (covered[3 * i] === 7) continue;
      count++;
      seen[i] = 1;
    }
    expect(count).toBe(patch.side ** 2);
  }
  const { x, y, width, height } = WHOLE_FACE.box;
  const at = (px: number, py: number) => seen[Math.floor(py) * TEMPLATE.width + Math.floor(px)];
  for (const landmark of TEMPLATE.landmarks) expect(at(landmark.x, landmark.y)).toBe(1);
  expect(at(x - 2, y + height / 2)).toBe(0);
  expect(at(x + width / 2, y + height + 2)).toBe(0);
  expect(pixels.every((value) => value === 7)).toBe(true);
});
