import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { DataError } from "../../base/errors/index.ts";
import { netHash, partsOf, readCard } from "../../nets/models/index.ts";
import {
  modelOfFeatures,
  readResult,
  readResults,
  releasedModel,
  resultText,
  staleResults,
} from "./index.ts";

const MODELS = ["models/whole-face", "models/whole-face-taught", "models/regions", "models/regions-taught"];
const head = {
  kind: "verification",
  model: { name: "whole-face", nets: "0".repeat(64) },
  command: "deepid evaluate verification ...",
  data: "LFW, View 2",
  date: "2026-11-29",
} as const;
const body = { accuracy: { mean: 0.9, standardError: 0.01 } };

test("every file of results/ has a head and the numbers of its kind", async () => {
  const results = await readResults("results");
  expect(results.length).toBeGreaterThan(20);
});

test("a result that names another model than the released one says that it is stale", async () => {
  const released = await Promise.all(MODELS.map(releasedModel));
  const unsaid = staleResults(await readResults("results"), released).filter(({ said }) => !said);
  expect(unsaid.map(({ file, why }) => `${file}: ${why}`)).toEqual([]);
});

test("another net, an unknown model and what a file says of itself are stale; the rest is not", async () => {
  const [one] = await Promise.all(MODELS.slice(0, 1).map(releasedModel));
  const file = (model: typeof head.model | null, stale?: string) => ({
    file: "a.json",
    content: { result: { ...head, model, stale }, ...body },
  });
  const whyOf = (...given: Parameters<typeof file>) =>
    staleResults([file(...given)], [one]).map(({ why }) => why);
  expect(whyOf(null)).toEqual([]);
  expect(whyOf({ ...head.model, nets: one.nets as never })).toEqual([]);
  expect(whyOf(head.model)).toEqual(["measured with other nets than those of whole-face as it is released"]);
  expect(whyOf({ ...head.model, name: "mine" as never })).toEqual([
    "measured with mine, which is not released",
  ]);
  expect(whyOf(null, "by an earlier net")).toEqual(["by an earlier net"]);
});

test("what is written is read again; a head or a body that lacks something is refused", async () => {
  const path = join(await mkdtemp(join(tmpdir(), "results-")), "a.json");
  await writeFile(path, resultText(head, body));
  expect(await readResult(path)).toMatchObject({ result: head, ...body });
  expect(() => resultText(head, {})).toThrow(/accuracy/);
  expect(() => resultText({ ...head, date: "yesterday" }, body)).toThrow(/date/i);
  const text = await readFile(path, "utf8");
  for (const broken of [text.slice(0, 40), "{}", text.replace('"mean"', '"average"')]) {
    await writeFile(path, broken);
    await expect(readResult(path)).rejects.toThrow(DataError);
  }
});

test("features name the model that they are of as its cards do", async () => {
  const [one, , , several] = await Promise.all(MODELS.map(releasedModel));
  const cards = await Promise.all(
    (await partsOf("models/regions-taught")).map((part) => readCard(`models/regions-taught/${part}`)),
  );
  const nets = cards.map((card) => `${card.name} sha256 ${netHash(card)}`).join(", ");
  expect(modelOfFeatures({ model: "whole-face", net: `sha256 ${one.nets}` })).toEqual(one);
  expect(modelOfFeatures({ model: "regions-taught", net: nets })).toEqual(several);
  expect(modelOfFeatures({ model: "whole-face" })).toBeUndefined();
  expect(modelOfFeatures({ model: "regions-taught", net: `${nets}, another` })).toBeUndefined();
  expect(modelOfFeatures({})).toBeUndefined();
});
