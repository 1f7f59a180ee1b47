/** The studies as commands: from a feature file to numbers, figures and a page. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { createRng } from "../src/base/random/index.ts";
import { readFeatures, writeFeatures } from "../src/matching/files/index.ts";
import { deepid } from "./support/cli.ts";
import { newFolder } from "./support/miniature.ts";
import { planted } from "./support/planted.ts";

let folder: string;
const path = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = await newFolder();
  const { set, table } = planted();
  await writeFeatures(path("features.safetensors"), set, { model: "planted", feature: "fc4" });
  const rows = table.pictures.map((name, i) => [
    name.split("/")[1],
    ...[...table.attributes.values()].map((of) => of[i]),
  ]);
  const lines = [["image", ...table.attributes.keys()], ...rows].map((cells) => cells.join("\t"));
  await writeFile(path("attributes.tsv"), `${lines.join("\n")}\n`);
});

describe("deepid study", () => {
  test("sparsity gives the paper's numbers beside ours, figures and a page", async () => {
    const out = path("sparsity");
    const { code, out: text } = await deepid("study", "sparsity", path("features.safetensors"), "--out", out);
    expect(code).toBe(0);
    expect(text).toMatch(/^(?:Holds|Does not hold) here: on average/);
    expect(text).toContain("292 ± 34 of 512");
    expect((await readdir(out)).sort()).toEqual([
      "index.html",
      "sparsity.json",
      "sparsity.svg",
      "studies.json",
    ]);
    const { findings, results } = JSON.parse(await readFile(join(out, "studies.json"), "utf8"));
    expect(findings[0].study).toBe("sparsity");
    expect(results.sparsity.neurons).toBe(8);
    expect(await readFile(join(out, "index.html"), "utf8")).toContain("planted fc4");
  });

  test("selectivity finds the planted neuron", async () => {
    const { code, out } = await deepid(
      ...["study", "selectivity", path("features.safetensors"), "--attributes", path("attributes.tsv")],
      ...[
        "--least-pictures",
        "8",
        "--compare",
        `same=${path("features.safetensors")}`,
        "--compare-dimensions",
        "2",
      ],
      ...["--out", path("selectivity"), "--json"],
    );
    expect(code).toBe(0);
    const { results } = JSON.parse(out);
    const male = results.selectivity.scores.find(
      (score: { task: string; features: string }) =>
        score.task === "Male" && score.features === "planted fc4",
    );
    expect([male.single, male.all, male.chosen]).toEqual([1, 1, [0, 0]]);
    expect(results.selectivity.features.map(({ name }: { name: string }) => name)).toEqual([
      "planted fc4",
      "same 2",
    ]);
    const files = await readdir(path("selectivity"));
    expect(files).toContain("attribute-single-by-person.svg");
    expect(files).toContain("excitation-Male.svg");
  });

  test("histograms draw people and sex, and a neuron has its page", async () => {
    const args = ["--attributes", path("attributes.tsv"), "--least-pictures", "8"];
    const out = path("histograms");
    const study = await deepid("study", "histograms", path("features.safetensors"), ...args, "--out", out);
    expect(study.code).toBe(0);
    expect(await readdir(out)).toEqual(
      expect.arrayContaining(["activations-people.svg", "activations-sex.svg"]),
    );
    const page = path("neuron.html");
    const neuron = await deepid(
      "neuron",
      "0",
      "--features",
      path("features.safetensors"),
      ...args,
      "--out",
      page,
    );
    expect(neuron.out).toMatch(
      /^neuron 0 fires for 50\.0 % of 240 pictures\n {2}Female +inhibited, alone right 100\.0 %/,
    );
    expect(await readFile(page, "utf8")).toContain("<h1>Neuron 0</h1>");
  });

  test("what does not go together is refused", async () => {
    const { code, err } = await deepid(
      "study",
      "selectivity",
      path("features.safetensors"),
      "--attribute",
      "Male",
    );
    expect([code, err]).toEqual([2, "error: --attribute needs --attributes, the file that holds it\n"]);
    const unknown = await deepid("study", "selectivity", path("features.safetensors"), "--person", "nobody");
    expect(unknown.err).toContain("nobody needs 2 pictures or more, got 0");
  });
});

describe("features of another system, as a user's own CSV", () => {
  // The example of docs/studies.md, with features of which the answers are known.
  const csv = () => path("theirs.csv");
  const tasks = () => ["--attributes", path("theirs-attributes.tsv"), "--least-pictures", "8"];
  beforeAll(async () => {
    const { set, has } = planted();
    const names = set.names.map((name) =>
      name.replace(/\d+$/, (n) => String(Number(n) + 1).padStart(4, "0")),
    );
    await writeFeatures(csv(), { ...set, names });
    expect((await readFile(csv(), "utf8")).split("\n")[0]).toBe("name,identity,f0,f1,f2,f3,f4,f5,f6,f7");
    const rows = names.map((name, row) => `${name}\t${Number(has[row])}\t${Number(!has[row])}`);
    await writeFile(path("theirs-attributes.tsv"), `image\tMale\tFemale\n${rows.join("\n")}\n`);
    const fold = (people: number[]) => [
      ...people.map((p) => `person-${p}\t1\t2`),
      ...people.map((p) => `person-${p}\t1\tperson-${p + 4}\t2`),
    ];
    const lines = [...fold([0, 1, 2, 3]), ...fold([10, 11, 12, 13])];
    await writeFile(path("pairs.txt"), `2\t4\n${lines.join("\n")}\n`);
  });

  test("sparsity, with codes forced away from one half", async () => {
    const { code, out } = await deepid("study", "sparsity", csv(), "--pairs", path("pairs.txt"), "--json");
    expect(code).toBe(0);
    const { source, results } = JSON.parse(out);
    expect(source).toMatchObject({ features: "theirs.csv", pictures: 240, people: 30 });
    expect(results.sparsity.sweep.length).toBeGreaterThan(2);
  });

  test("selectivity, histograms and one neuron's dossier find what was planted", async () => {
    const selective = await deepid("study", "selectivity", csv(), ...tasks(), "--no-together", "--json");
    const { scores } = JSON.parse(selective.out).results.selectivity;
    expect(scores.find(({ task }: { task: string }) => task === "Male")).toMatchObject({
      single: 1,
      chosen: [0, 0],
    });
    const histograms = await deepid("study", "histograms", csv(), ...tasks(), "--json");
    const { groups } = JSON.parse(histograms.out).results.activations;
    expect(groups.map(({ name }: { name: string }) => name)).toEqual(["people", "sex"]);
    const neuron = await deepid("neuron", "3", "--features", csv(), ...tasks(), "--json");
    expect(JSON.parse(neuron.out).entries[0]).toMatchObject({ name: "person-0", excited: true, accuracy: 1 });
  });

  test("robustness, by features of the same pictures clean and spoiled", async () => {
    const { set } = await readFeatures(csv());
    const rng = createRng(4);
    const noise = { ...set, values: set.values.map(() => rng.normal()) };
    await writeFeatures(path("noise.csv"), noise);
    const { code, out } = await deepid(
      ...["study", "spoiled", csv(), "--features", `partial:40=${path("noise.csv")}`],
      ...["--features", `block:50=${csv()}`, "--pairs", path("pairs.txt"), "--json"],
    );
    expect(code).toBe(0);
    const { levels } = JSON.parse(out).results.robustness;
    const [clean, spoiled, , same] = levels.map((of: { measurements: object[] }) => of.measurements[0]);
    expect(same).toEqual(clean); // the very same features: the clean score exactly
    expect(spoiled.flipped).toBeGreaterThan(0.3);
    expect(clean).toMatchObject({ role: "judged", metric: "cosine", flipped: 0 });
  });
});
