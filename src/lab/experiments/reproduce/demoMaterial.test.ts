import { mkdtemp, readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { reproduceAll } from "./all.ts";
import { demoMaterial } from "./demoMaterial.ts";
import { writeReproduction } from "./page.ts";

test("the demo's net, four taps and LBP beside it, are measured on people it has not seen; a second time nothing is trained", async () => {
  const out = await mkdtemp(join(tmpdir(), "reproduce-"));
  const engine = { provider: "cpu", threads: 2 } as const;
  const smallest = { people: 100, pictures: 4, steps: 3, seed: 1 };
  const choices = {
    out,
    featureCache: join(out, "cache"),
    seed: 1,
    seeds: 10,
    leastPictures: 20,
    compareDimensions: [10],
    together: false,
    people: 596,
    faces: 3739,
    gallery: 4249,
    ...engine,
  };
  const material = await demoMaterial({ out, ...engine, sizes: smallest });
  const measured = await reproduceAll(material, choices);
  await writeReproduction(
    out,
    { ...measured, seconds: 1 },
    { command: "deepid reproduce --demo", date: "2026-11-29" },
  );
  const { tables, parts } = measured;
  expect(tables.peers.map(({ name }) => name)).toEqual(["LBP"]);
  expect(tables.identification).toMatchObject({ seeds: [1, 2, 3], closed: { people: 10 } });
  expect(parts.map(({ finding }) => finding.study)).toEqual([
    "sparsity",
    "selectivity",
    "activations",
    "robustness",
  ]);
  const robust = parts[3].tables!.map(({ columns }) => columns.map(({ name }) => name));
  expect(robust).toEqual(Array(2).fill(["Level", "FC-1", "FC-2", "FC-3", "FC-4", "LBP"]));
  expect(await readFile(join(out, "index.html"), "utf8")).toContain("20 synthetic people");
  expect(await readdir(out)).toEqual(
    expect.arrayContaining(["robustness-block.svg", "robustness-block.json"]),
  );

  const net = join(out, "demo", "model", "net.onnx");
  const before = await readFile(net);
  const again = await demoMaterial({ out, ...engine, sizes: smallest });
  expect(before.equals(await readFile(net))).toBe(true); // toEqual takes minutes for megabytes
  expect((await reproduceAll(again, choices)).parts[3].result).toEqual(parts[3].result);
}, 300_000); // trains, describes by LBP and measures: half a minute where nothing else runs
