import { expect, test } from "vitest";
import { createFeatureSet } from "../../matching/features/index.ts";
import { openModel, openSystem } from "./index.ts";
import { checkSameNet, netHash } from "./sameNet.ts";

test("one net that sees faces in other views is another one: features of it are refused", async () => {
  const { card, release } = await openModel("models/whole-face", { threads: 1 });
  await release();
  const net = card.files["net.onnx"];
  const seenIn = (views: number[]) => netHash({ ...card, region: { ...card.region, views } });
  expect(netHash({ ...card, region: { ...card.region, views: undefined } })).toBe(net);
  expect(new Set([net, seenIn([1]), seenIn([1, 0.9]), seenIn([0.9, 1])]).size).toBe(4);

  const system = await openSystem("models/whole-face", { threads: 1 });
  const set = createFeatureSet(new Float32Array(system.dimension), system.dimension, {
    names: ["a"],
    identities: ["b"],
  });
  const check = (hash: string) =>
    checkSameNet("features", { set, provenance: { net: `sha256 ${hash}` } }, system);
  expect(() => check(netHash(card))).not.toThrow();
  expect(() => check(seenIn([1, 0.9]))).toThrow(/features: computed by another net than that of whole-face/);
  await system.release();
});
