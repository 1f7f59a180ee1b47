import { cp, mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { failureOf } from "../../../test/support/pictures.ts";
import { noiseCrops, randomWeights, TINY_NET } from "../../../test/support/tinyNet.ts";
import { DataError, InputError } from "../../base/errors/index.ts";
import { WHOLE_FACE } from "../../faces/face/index.ts";
import { calibrate, createMatcher } from "../../matching/match/index.ts";
import { matrix } from "../../math/linalg/index.ts";
import type { ModelCard } from "../net/index.ts";
import { releasedOnnx } from "../net/netOnnx.ts";
import { openModel, readCard } from "./modelFolder.ts";
import { openNet } from "./openNet.ts";
import { type Release, writeModel } from "./writeModel.ts";

const weights = randomWeights(TINY_NET);
const RELEASE: Release = {
  config: TINY_NET,
  weights,
  matcher: {
    matcher: createMatcher({
      blockSize: 4,
      mean: new Float64Array(8).fill(0.25),
      directions: matrix(
        2,
        8,
        Float64Array.from({ length: 16 }, (_, i) => i / 16),
      ),
      ratios: Float64Array.of(2, 0.5),
    }),
    calibration: calibrate(Float64Array.of(3, 4, 5), Float64Array.of(-2, -1, 0)),
  },
  card: {
    name: "tiny",
    feature: "fc4",
    licence: "research only",
    region: { ...WHOLE_FACE, height: 39, width: 31 },
    training: { source: "noise", people: 3, pictures: 6, steps: 10, seconds: 1.5 },
    matching: { people: 2, pictures: 4, components: 2 },
    results: { lfw: 0.5 }, // further entries are kept
  },
};

let model: string;
beforeAll(async () => {
  model = join(await mkdtemp(join(tmpdir(), "model-")), "tiny");
  await writeModel(model, RELEASE);
});

describe("a model folder", () => {
  test("is opened as it was written", async () => {
    const opened = await openModel(model, { threads: 1 });
    expect(opened.card).toMatchObject({ ...RELEASE.card, format: "deepid2plus-model", version: 1 });
    const [read, written] = [opened.matcher, RELEASE.matcher].map(({ matcher }) => matcher.model);
    expect(read).toEqual(written);
    expect(opened.matcher.calibration).toEqual(RELEASE.matcher.calibration);
    const crops = noiseCrops(TINY_NET, 2);
    const net = await openNet(releasedOnnx(TINY_NET, weights), { threads: 1 });
    expect(await opened.net.run(crops, ["fc4"])).toEqual(await net.run(crops, ["fc4"]));
    await net.release();
    await opened.release();
  });

  test("is the same, byte for byte, when it is written again, over one that had attributes and a cohort", async () => {
    const again = await mkdtemp(join(tmpdir(), "model-"));
    for (const file of ["attributes", "cohort"]) await writeFile(join(again, `${file}.safetensors`), "old");
    await writeModel(again, RELEASE);
    expect((await readdir(again)).sort()).toEqual(["matcher.safetensors", "model.json", "net.onnx"]);
    for (const file of ["net.onnx", "matcher.safetensors", "model.json"]) {
      expect(await readFile(join(again, file))).toEqual(await readFile(join(model, file)));
    }
  });

  /** The failure to open the folder after a change. */
  async function failureAfter(change: (folder: string) => Promise<unknown>): Promise<Error> {
    const folder = await mkdtemp(join(tmpdir(), "model-"));
    await cp(model, folder, { recursive: true });
    await change(folder);
    return failureOf(openModel(folder));
  }

  test.each(["net.onnx", "matcher.safetensors"])(
    "is refused where %s is cut off, changed or missing",
    async (file) => {
      const cut = await failureAfter((folder) => truncate(join(folder, file), 100));
      expect(cut).toBeInstanceOf(DataError);
      expect(cut.message).toMatch(new RegExp(`${file}: truncated or changed`));
      const changed = await failureAfter(async (folder) => {
        const bytes = await readFile(join(folder, file));
        bytes[bytes.length >> 1] ^= 1;
        await writeFile(join(folder, file), bytes);
      });
      expect(changed).toBeInstanceOf(DataError);
      const missing = await failureAfter((folder) => rm(join(folder, file)));
      expect(missing).toBeInstanceOf(DataError);
      expect(missing.message).toContain(file);
    },
  );

  /** The failure to open the folder with other entries in model.json. */
  const failureWith = (entries: object) =>
    failureAfter(async (folder) => {
      const path = join(folder, "model.json");
      const card = JSON.parse(await readFile(path, "utf8")) as object;
      await writeFile(path, JSON.stringify({ ...card, ...entries }));
    });

  test.each(["net.onnx", "matcher.safetensors"])(
    "is refused where its card does not list %s",
    async (file) => {
      const { [file]: _, ...files } = (
        JSON.parse(await readFile(join(model, "model.json"), "utf8")) as ModelCard
      ).files;
      const failure = await failureWith({ files });
      expect(failure).toBeInstanceOf(DataError);
      expect(failure.message).toMatch(
        new RegExp(`model\\.json: its "files" must give the SHA-256 of ${file}, got "`),
      );
    },
  );

  test.each([
    ["version", { version: 2 }],
    ["template", { template: undefined }],
    ["made for alignment", { template: "other" }],
    ["region", { region: { ...WHOLE_FACE, colour: "sepia" } }],
    ["has no output fc9", { feature: "fc9" }],
  ])("is refused where its card is not right: %s", async (part, entries) => {
    const failure = await failureWith(entries);
    expect(failure).toBeInstanceOf(DataError);
    expect(failure.message).toContain(part);
  });

  test("is refused where there is no card, or none that is JSON", async () => {
    const none = await failureAfter((folder) => rm(join(folder, "model.json")));
    expect(none).toBeInstanceOf(InputError);
    expect(none.message).toContain("no model here");
    const cut = await failureAfter((folder) => truncate(join(folder, "model.json"), 50));
    expect(cut).toBeInstanceOf(DataError);
    expect(cut.message).toContain("model.json: not JSON");
    await expect(readCard(join(model, "nowhere"))).rejects.toThrow(InputError);
  });
});
