/** What a file or folder of this program is: facts for `deepid inspect`. */

import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../../base/errors/index.ts";
import {
  FILE_LIMITS,
  type OpenSafetensors,
  openSafetensors,
  readForeign,
  sha256,
} from "../../base/files/index.ts";
import { bytes, count, duration, formatPercent } from "../../base/text/index.ts";
import { readFeatures, readMatcher } from "../../matching/files/index.ts";
import { describeModel, type ModelValue } from "../../math/graph/index.ts";
import { isSystem, openModel, openSystem, readSystemCard, readVariants } from "../../nets/models/index.ts";
import type { ModelCard } from "../../nets/net/index.ts";
import { hasCheckpoint, loadCheckpoint, readMetrics } from "../../nets/train/index.ts";

/** `data` for programs, `rows` of label and value for people. */
export interface Inspection {
  readonly kind: "model" | "system" | "run" | "onnx" | "features" | "matcher" | "tensors";
  readonly data: object;
  readonly rows: readonly (readonly [label: string, value: string])[];
}

/** Finds out what lies at `path` and reads it whole, so that a damaged file is found. */
export async function inspectPath(path: string): Promise<Inspection> {
  if (statSync(path).isDirectory()) {
    if (existsSync(join(path, "model.json"))) return inspectModel(path);
    if (isSystem(path)) return inspectSystem(path);
    if (hasCheckpoint(path)) return inspectRun(path);
    throw new InputError(
      `${path}: neither a model (no model.json) nor a system (no system.json) nor a run (no checkpoint.safetensors)`,
    );
  }
  if (/\.onnx$/i.test(path)) return inspectOnnx(path);
  if (/\.safetensors$/i.test(path)) return inspectTensors(path);
  throw new InputError(
    `${path}: inspect knows the folders of models, systems and runs, .onnx and .safetensors files, and this is none of them`,
  );
}

async function inspectModel(folder: string): Promise<Inspection> {
  const model = await openModel(folder, { threads: 1 });
  try {
    const { card } = model;
    const { training, matching, validation, region } = card;
    const net = await inspectOnnx(join(folder, "net.onnx"));
    const accuracy = (validation as { accuracy?: number } | undefined)?.accuracy;
    const activations = Object.fromEntries(model.net.activations);
    return {
      kind: "model",
      data: { ...card, activations, onnx: net.data },
      rows: [
        ["model", card.name],
        ["input", `${region.name}, ${region.height} x ${region.width} ${region.colour}`],
        [
          "compares",
          `${card.feature} of face and mirror image, ${count(2 * activations[card.feature])} numbers`,
        ],
        ["activations", shapesIn(activations)],
        [
          "trained on",
          `${training.source}: ${count(training.pictures)} pictures of ${count(training.people)} people`,
        ],
        ["training", `${count(training.steps)} steps, ${duration(training.seconds)}`],
        ["matcher", describeMatching(matching)],
        ["validation", accuracy === undefined ? "not recorded" : `${formatPercent(accuracy)} right`],
        ["licence", card.licence],
        ...net.rows.filter(([label]) => ["parameters", "size"].includes(label)),
        ...Object.entries(card.files).map(([file, hash]) => [file, `sha256 ${hash}`] as const),
      ],
    };
  } finally {
    await model.release();
  }
}

async function inspectSystem(folder: string): Promise<Inspection> {
  const system = await openSystem(folder, { threads: 1 });
  try {
    const card = await readSystemCard(folder);
    const variants = await readVariants(folder);
    const accuracy = (card.validation as { accuracy?: number } | undefined)?.accuracy;
    const prefixes = (code: "real" | "binary") =>
      variants
        .filter((variant) => variant.code === code)
        .map(({ nets }) => nets)
        .join(", ");
    return {
      kind: "system",
      data: { ...card, dimension: system.dimension },
      rows: [
        ["system", `${card.name}, ${count(card.parts.length)} nets`],
        ["nets", card.parts.join(", ")],
        ["compares", `${count(system.dimension)} numbers a face, by every net of face and mirror image`],
        ["matcher", describeMatching(card.matching)],
        ["matchers of the first nets", prefixes("real") || "none"],
        ["matchers of their bits", prefixes("binary") || "none"],
        ["validation", accuracy === undefined ? "not recorded" : `${formatPercent(accuracy)} right`],
        ["licence", card.licence],
      ],
    };
  } finally {
    await system.release();
  }
}

function describeMatching({
  components,
  teacherNumbers,
  directions,
  mirrorsAlike = false,
  startedFromPeople,
  people,
  trainedPeople = 0,
}: ModelCard["matching"]): string {
  const others = `${count(people - trainedPeople)} other people`;
  const trained = trainedPeople > 0 ? ` and ${count(trainedPeople)} of those who trained it` : "";
  const kept = directions === undefined ? "" : `, of which ${count(directions)} directions are kept,`;
  const alike = mirrorsAlike ? ", a face and its mirror image alike" : "";
  const what = teacherNumbers === undefined ? "" : `a teacher's ${count(teacherNumbers)} numbers by `;
  const start =
    startedFromPeople === undefined ? "" : `, starting from a matcher of ${count(startedFromPeople)}`;
  return `${what}${count(components)} components${kept} from ${others}${trained}${start}${alike}`;
}

const shapesIn = (sizes: Readonly<Record<string, number>>) =>
  Object.entries(sizes)
    .map(([name, size]) => `${name} ${count(size)}`)
    .join(", ");

async function inspectRun(folder: string): Promise<Inspection> {
  const { training, step, seconds, state, margins } = await loadCheckpoint(folder);
  const measured = (await readMetrics(folder)).filter(({ heldOut }) => heldOut);
  const best = measured.reduce((most, { heldOut }) => Math.max(most, heldOut!.accuracy), 0);
  const last = measured.at(-1)?.heldOut?.accuracy;
  const parameters = Object.values(state.weights).reduce((sum, { length }) => sum + length, 0);
  const { net } = training;
  return {
    kind: "run",
    data: { step, seconds, parameters, margins: [...margins], heldOut: { last, best }, training },
    rows: [
      ["run", `step ${count(step)} of ${count(training.steps)}, ${duration(seconds)}`],
      [
        "net",
        `${net.family}, maps ${net.maps.join(" ")}, ${count(net.neurons)} neurons at each of FC-${net.taps.join(" ")}`,
      ],
      ["input", `${net.height} x ${net.width}, ${net.channels === 3 ? "rgb" : "grey"}`],
      ["parameters", `${count(parameters)} with those of the classifiers`],
      ["margins", [...margins].map((margin) => margin.toPrecision(3)).join(" ")],
      [
        "held-out accuracy",
        last === undefined ? "not measured yet" : `${formatPercent(last)}, best ${formatPercent(best)}`,
      ],
    ],
  };
}

async function inspectOnnx(path: string): Promise<Inspection> {
  const file = await readForeign(path, FILE_LIMITS.net);
  const model = describeModel(file, path);
  const hash = sha256(file);
  const values = (list: readonly ModelValue[]) =>
    list.map(({ name, dtype, shape }) => `${name} ${dtype} [${shape.join(", ")}]`).join(", ");
  return {
    kind: "onnx",
    data: { ...model, bytes: file.length, sha256: hash },
    rows: [
      ["inputs", values(model.inputs)],
      ["outputs", values(model.outputs)],
      ["operators", model.operators.join(", ")],
      ["parameters", count(model.parameters)],
      ["producer", model.producer || "not stated"],
      ["size", bytes(file.length)],
      ["sha256", hash],
    ],
  };
}

async function inspectTensors(path: string): Promise<Inspection> {
  await using file = await openSafetensors(path);
  const { format = "" } = file.metadata;
  if (format === "deepid2plus-features") return inspectFeatures(path);
  if (format === "deepid2plus-matcher") return inspectMatcher(path);
  return listTensors(file);
}

async function inspectFeatures(path: string): Promise<Inspection> {
  const { set, provenance } = await readFeatures(path);
  const people = new Set(set.identities).size;
  const active = set.values.reduce((sum, value) => sum + Number(value > 0), 0) / set.values.length;
  return {
    kind: "features",
    data: { rows: set.rows, dimension: set.dimension, people, active, provenance },
    rows: [
      ["features", `${count(set.rows)} pictures of ${count(people)} people, ${set.dimension} numbers each`],
      ["active", `${formatPercent(active)} of the numbers are above 0`],
      ...Object.entries(provenance),
    ],
  };
}

async function inspectMatcher(path: string): Promise<Inspection> {
  const { matcher, calibration } = await readMatcher(path);
  const { mean, ratios, blockSize, mirrored = 0 } = matcher.model;
  const pairs = calibration && { same: calibration.same.length, different: calibration.different.length };
  return {
    kind: "matcher",
    data: {
      dimension: mean.length,
      components: ratios.length,
      blockSize,
      mirrored,
      calibration: pairs ?? null,
    },
    rows: [
      ["matcher", `${count(mean.length)} numbers to ${count(ratios.length)} directions, Joint Bayesian`],
      ["unit length", blockSize === 0 ? "features as they are" : `in blocks of ${blockSize}`],
      ["mirror images", mirrored === 0 ? "each counts for itself" : "count like the face itself"],
      [
        "calibration",
        pairs ? `${count(pairs.same)} same and ${count(pairs.different)} different pairs` : "none",
      ],
    ],
  };
}

function listTensors({ places, metadata }: OpenSafetensors): Inspection {
  const tensors = [...places].map(([name, { dtype, shape }]) => ({ name, dtype, shape }));
  return {
    kind: "tensors",
    data: { tensors, metadata },
    rows: tensors.map(({ name, dtype, shape }) => [name, `${dtype} [${shape.join(", ")}]`] as const),
  };
}
