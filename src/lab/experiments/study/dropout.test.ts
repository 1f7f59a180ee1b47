import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { dropoutPart, readDropout } from "./dropout.ts";

const folder = await mkdtemp(join(tmpdir(), "dropout-"));
const path = join(folder, "dropout.json");
const spread = (mean: number) => ({ mean, deviation: 0.1, histogram: { from: 0, to: 1, counts: [1, 2] } });
const net = (rate: number, mean: number) => ({
  rate,
  accuracy: 0.9,
  layers: [{ name: "FC-4", ofNeurons: spread(mean), ofPictures: spread(mean) }],
});

test("nets of a file become a part of the page, one bar a layer and rate", async () => {
  await writeFile(path, JSON.stringify({ data: {}, nets: [net(0, 0.4), net(0.5, 0.5)] }));
  const { finding, figures } = dropoutPart(await readDropout(path));
  expect(finding.holds).toBe(true);
  expect(figures[0].data).toMatchObject([{ name: "dropout 0, FC-4", value: 0.4 }, { value: 0.5 }]);
});

test("another file is refused with its place", async () => {
  await writeFile(path, JSON.stringify({ nets: [net(0, 7), net(0.5, 0.5)] }));
  await expect(readDropout(path)).rejects.toThrow("not what scripts/dropout.ts writes");
  await expect(readDropout(join(folder, "nowhere"))).rejects.toThrow("cannot be read");
});
