/** Writes a released model as a folder. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { hashFiles, writeFileAtomic } from "../../base/files/index.ts";
import { TEMPLATE_VERSION } from "../../faces/face/index.ts";
import { writeMatcher } from "../../matching/files/index.ts";
import type { StoredMatcher } from "../../matching/match/index.ts";
import { type ModelCard, type NetConfig, type Precision, releasedOnnx, type Weights } from "../net/index.ts";
import { ATTRIBUTES, CARD, COHORT, MATCHER, NET } from "./modelFolder.ts";

/** What is released: folded weights of a net, the matcher, and what model.json is to say. */
export interface Release {
  readonly config: NetConfig;
  readonly weights: Weights;
  readonly precision?: Precision;
  readonly matcher: StoredMatcher;
  readonly card: Omit<ModelCard, "format" | "version" | "template" | "files">;
}

/** Writes a model folder; model.json comes last, so a folder that has it is whole. What was fitted to a model before it is removed. */
export async function writeModel(
  folder: string,
  { config, weights, precision = "float32", matcher, card }: Release,
): Promise<void> {
  const metadata = { name: String(card.name), licence: String(card.licence) };
  await writeFileAtomic(join(folder, NET), releasedOnnx(config, weights, { metadata, precision }));
  await writeMatcher(join(folder, MATCHER), matcher);
  for (const file of [COHORT, ATTRIBUTES]) await rm(join(folder, file), { force: true });
  const files = await hashFiles(folder, [NET, MATCHER]);
  const full = {
    format: "deepid2plus-model",
    version: 1,
    ...card,
    template: TEMPLATE_VERSION,
    net: config,
    precision,
    files,
  };
  await writeFileAtomic(join(folder, CARD), `${JSON.stringify(full, null, 2)}\n`);
}
