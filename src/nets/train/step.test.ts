import { describe, expect, test } from "vitest";
import {
  expectClose,
  randomTensor,
  slopeAt,
  type Tensor64,
  tabulate,
  toFloat32,
  toFloat64,
  total,
} from "../../../test/support/float64.ts";
import {
  type Batch64,
  distancesTwin,
  lossTwin,
  type Statistics,
  type Teacher64,
} from "../../../test/support/netTwin.ts";
import { TINY } from "../../../test/support/tinyTraining.ts";
import { createRng } from "../../base/random/index.ts";
import { createSession } from "../../math/engine/index.ts";
import type { Session, Tensor } from "../../math/session/index.ts";
import type { NetConfig, Weights } from "../net/index.ts";
import { buildStepGraph, isClassifier, MOVED, stateTensors } from "./step.ts";
import type { StepConfig } from "./stepConfig.ts";
import { similaritiesOf } from "./teacherSignal.ts";

const PEOPLE = 5;
const IDENTITIES = [0, 0, 3, 3, 0, 0, 4, 4]; // one person twice
const N = IDENTITIES.length;

const KINDS: Readonly<Record<string, Partial<NetConfig>>> = {
  "DeepID2+, blocks and unshared": {},
  "DeepID2+, shared, batch-normalised": { conv3: "shared", conv4: "shared", normalisation: "batch" },
  "DeepID2+, blocks and unshared, batch-normalised, colour, two taps, no dropout": {
    normalisation: "batch",
    channels: 3,
    taps: [1, 4],
    dropout: 0,
  },
  "DeepID2, blocks and unshared": { family: "deepid2", taps: [4], dropout: 0 },
  "DeepID2, shared, batch-normalised": {
    family: "deepid2",
    taps: [4],
    dropout: 0,
    conv3: "shared",
    conv4: "shared",
    normalisation: "batch",
  },
};

/** Numbers of a teacher for each picture. */
const WIDTH = 3;

/** Ways a teacher's signal is put together: beside the paper's, and instead of it. */
const TEACHERS: Readonly<Record<string, Omit<Teacher64, "targets">>> = {
  "a teacher beside the labels, at two taps": { taps: [2, 4], weight: 2, kernel: 0, labels: 0.5 },
  "a teacher alone, with its kernel": { taps: [3, 4], weight: 2, kernel: 3, labels: 0 },
};

/** A training step of one kind, with everything it is fed, in float64. */
function createStep(kind: Partial<NetConfig>, seed: number, teacher?: Omit<Teacher64, "targets">) {
  const net = { ...TINY.net, ...kind };
  const config: StepConfig = {
    net,
    people: PEOPLE,
    batch: N,
    momentum: 0.9,
    weightDecay: 0.25,
    teacher: teacher && { ...teacher, width: WIDTH },
  };
  const rng = createRng(seed);
  const state: Record<string, Tensor64> = {};
  for (const { name, parameter, velocity } of stateTensors(config)) {
    const { shape, kind: of, initialise } = parameter;
    if (velocity) state[name] = tabulate(shape, () => 0);
    else if (/^(id|map)/.test(name)) state[name] = randomTensor(shape, rng, 0.5);
    else if (of === "weight") state[name] = { shape, data: Float64Array.from(initialise(rng)) };
    else if (of === "bias") state[name] = randomTensor(shape, rng, 0.2);
    else state[name] = tabulate(shape, () => Math.fround(0.5 + rng.uniform()));
  }
  const bytes = tabulate([N, net.height, net.width, net.channels], () => rng.integer(256));
  const { height, width, channels } = net;
  const batch: Batch64 = {
    faces: tabulate(
      [N, channels, height, width],
      ([face, c, i, j]) => bytes.data[((face * height + i) * width + j) * channels + c] / 127.5 - 1,
    ),
    identities: IDENTITIES,
    masks: tabulate([net.taps.length, N, net.neurons], () => rng.integer(2)),
    margins: net.taps.map((_, i) => Math.fround(1.5 + i / 4)),
    lambda: 0.25,
    teacher: teacher && { ...teacher, targets: randomTensor([N, WIDTH], createRng(seed), 1) },
  };
  const feeds = (learningRate: number): Record<string, Tensor> => ({
    ...Object.fromEntries(Object.entries(state).map(([name, tensor]) => [name, toFloat32(tensor)])),
    faces: { shape: bytes.shape, data: Uint8Array.from(bytes.data) },
    identities: { shape: [N], data: Float32Array.from(IDENTITIES) },
    ...(net.dropout > 0 && {
      masks: { shape: batch.masks.shape, data: Uint8Array.from(batch.masks.data) },
    }),
    learningRate: { shape: [], data: Float32Array.of(learningRate) },
    lambda: { shape: [], data: Float32Array.of(batch.lambda) },
    margins: { shape: [net.taps.length], data: Float32Array.from(batch.margins) },
    ...(batch.teacher && taughtFeeds(batch.teacher.targets)),
  });
  const open = () => createSession(buildStepGraph(config), { threads: 1 }, "step");
  return { config, state, batch, feeds, open };
}

function taughtFeeds(targets: Tensor64): Record<string, Tensor> {
  const data = Float32Array.from(targets.data);
  return {
    targets: { shape: [N, WIDTH], data },
    similarities: { shape: [N, N], data: similaritiesOf(data, WIDTH) },
  };
}

/** Runs what the session's inputs need of `feeds`: statistics of a batch-normalised net have no use as inputs. */
const runStep = (session: Session, feeds: Record<string, Tensor>) =>
  session.run(Object.fromEntries(session.description.inputs.map(({ name }) => [name, feeds[name]])));

/** A seed at which no layer of the tiny net is silent for the whole batch. */
const SEED = 3;

const STEPS = [
  ...Object.entries(KINDS).map(([name, kind]) => ({ name, kind, teacher: undefined })),
  ...Object.entries(TEACHERS).map(([name, teacher]) => ({
    name,
    kind: { normalisation: "batch", taps: teacher.labels === 0 ? teacher.taps : TINY.net.taps } as NetConfig,
    teacher,
  })),
];

describe.each(STEPS)("one training step of $name", ({ kind, teacher }) => {
  test("measures what plain loops measure", async () => {
    const { config, state, batch, feeds, open } = createStep(kind, SEED, teacher);
    const session = await open();
    const results = await runStep(session, feeds(0.1));
    await session.release();
    const seen: Statistics = {};
    const { taps } = lossTwin(config.net, state, batch, seen);
    const norms = taps.map(({ features: { data } }) => {
      const rows = Array.from({ length: N }, (_, i) =>
        data.subarray((i * data.length) / N, ((i + 1) * data.length) / N),
      );
      return rows.reduce((sum, row) => sum + Math.hypot(...row), 0) / N;
    });
    const taught = teacher ? [...taps.map((t) => t.taught), ...taps.map((t) => t.kernel)] : [];
    const losses = [...taps.map((t) => t.id), ...taps.map((t) => t.ve), ...norms, ...taught];
    expectClose(results.losses.data, losses, { relative: 1e-4, what: "losses" });
    const distances = taps.flatMap(({ features }) => Array.from(distancesTwin(features).data));
    expectClose(results.distances.data, distances, { relative: 1e-4, absolute: 3e-3, what: "distances" });
    for (const [layer, { mean, variance }] of Object.entries(seen)) {
      for (const [which, values] of Object.entries({ mean, variance })) {
        const name = `${layer}.${which}`;
        const expected = values.map((value, c) => 0.9 * state[name].data[c] + 0.1 * value);
        expectClose(results[`next.${name}`].data, expected, { relative: 1e-4, what: name });
      }
    }
  });

  test("takes the gradient of the total loss in every parameter: by differences", async () => {
    const { config, state, batch, feeds, open } = createStep(kind, SEED, teacher);
    const session = await open();
    const results = await runStep(session, feeds(1)); // from rest at rate 1, the velocity is minus the gradient
    await session.release();
    const rng = createRng(8);
    for (const { name, parameter, velocity } of stateTensors(config)) {
      if (velocity || parameter.kind === "statistic") continue;
      const slopes = toFloat64(results[`next.${name}.velocity`]).data.map((value) => -value);
      const largest = slopes.reduce((most, slope) => Math.max(most, Math.abs(slope)), 0);
      expect(largest, `${name} has a gradient`).toBeGreaterThan(1e-4);
      const picked = [
        slopes.findIndex((slope) => Math.abs(slope) === largest),
        ...Array.from({ length: 3 }, () => rng.integer(slopes.length)),
      ];
      const loss = () => lossTwin(config.net, state, batch).loss;
      expectClose(
        picked.map((i) => slopes[i]),
        picked.map((i) => slopeAt(loss, state[name], i, 1e-6)),
        { relative: 1e-3, absolute: 1e-4 * largest, what: name },
      );
    }
  });
});

test("a step is SGD with momentum, and decays weights alone", async () => {
  const { config, state, feeds, open } = createStep({}, SEED);
  const session = await open();
  const atRest = await runStep(session, feeds(1));
  const rng = createRng(5);
  for (const [name, { shape }] of Object.entries(state)) {
    if (name.endsWith(".velocity")) state[name] = randomTensor(shape, rng, 0.1);
  }
  const rate = 0.125;
  const results = await runStep(session, feeds(rate));
  await session.release();
  const { momentum, weightDecay } = config;
  for (const { name, parameter, velocity } of stateTensors(config)) {
    if (velocity) continue;
    const opposite = toFloat64(atRest[`next.${name}.velocity`]).data; // minus the gradient
    const [w, v] = [state[name].data, state[`${name}.velocity`].data];
    const nextV = v.map((before, i) => momentum * before + rate * opposite[i]);
    const decay = parameter.kind === "weight" ? rate * weightDecay : 0;
    const nextW = nextV.map((moved, i) => w[i] * (1 - decay) + moved);
    expectClose(results[`next.${name}.velocity`].data, nextV, { what: `velocity of ${name}` });
    expectClose(results[`next.${name}`].data, nextW, { what: name });
  }
});

test("at λ = 0 verification is measured but does not move the net", async () => {
  const { feeds, open } = createStep({}, SEED);
  const session = await open();
  const still = (margin: number) => ({
    ...feeds(1),
    lambda: { shape: [], data: Float32Array.of(0) },
    margins: { shape: [4], data: new Float32Array(4).fill(margin) },
  });
  const [near, far] = [await runStep(session, still(0)), await runStep(session, still(100))];
  await session.release();
  expect(Number(far.losses.data[4])).toBeGreaterThan(Number(near.losses.data[4]) + 1000);
  expect(far["next.conv1.weight"].data).toEqual(near["next.conv1.weight"].data);
});

test("the state of a run is every parameter, and a velocity for each that is trained", () => {
  const { config } = createStep({ normalisation: "batch" }, SEED);
  const names = stateTensors(config).map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toContain("conv1.mean");
  expect(names).not.toContain("conv1.mean.velocity");
  expect(names).toContain("id4.weight.velocity");
  const layers = 4 + 4 + 4; // conv, fc, id
  expect(names.length).toBe(2 * 2 * layers + 2 * 8); // weights and biases twice; statistics of conv and fc
  expect(total(names.length, (i) => Number(names[i].startsWith("fc1")))).toBe(6);
});

test("heads learn alone: all else stays as it is, bit for bit", async () => {
  const { state, feeds, config } = createStep({ normalisation: "batch" }, SEED);
  const session = await createSession(buildStepGraph({ ...config, heads: [1, 2] }), { threads: 1 }, "step");
  const results = await runStep(session, feeds(1));
  await session.release();
  const moved = Object.keys(state).filter((name) => {
    const next = results[`next.${name}`]?.data;
    return (
      next &&
      toFloat64({ shape: state[name].shape, data: next as Float32Array }).data.some(
        (value, i) => value !== Math.fround(state[name].data[i]),
      )
    );
  });
  const layers = [
    ...new Set(moved.filter((name) => !name.endsWith("velocity")).map((name) => name.split(".")[0])),
  ];
  expect(layers.sort()).toEqual(["fc1", "fc2", "id1", "id2"]);
});

/** A step whose first two convolutions can be frozen, and its weights. Its faces differ by more than noise does after pooling. */
function createFrozen() {
  const { state, feeds, config } = createStep(
    { normalisation: "batch", taps: [3, 4], maps: [8, 8, 16, 16], neurons: 32 },
    SEED,
  );
  for (const name of ["conv1.variance", "conv2.variance"]) state[name].data.fill(1); // as of normalised sums
  const weights = Object.fromEntries(Object.entries(state).map(([name, t]) => [name, toFloat32(t).data]));
  const { shape } = feeds(1).faces;
  const patches = randomTensor([N, 8, 8], createRng(SEED), 127).data;
  const patch = ([face, i, j]: readonly number[]) => patches[(face * 8 + (i >> 3)) * 8 + (j >> 3)];
  const faces = { shape, data: Uint8Array.from(tabulate([...shape], (at) => 128 + patch(at)).data) };
  const blocky = (rate: number) => ({ ...feeds(rate), faces });
  return { weights: weights as Weights, feeds: blocky, config: { ...config, frozen: 2 } };
}

test("frozen convolutions in eight bits leave the losses and gradients as they are, but for rounding", async () => {
  const { weights, feeds, config } = createFrozen();
  const run = async (frozen?: Weights) => {
    const graph = buildStepGraph(config, frozen);
    const session = await createSession(graph, { threads: 1 }, "step");
    const results = await runStep(session, feeds(1));
    await session.release();
    return results;
  };
  const [floats, bytes] = [await run(), await run(weights)];
  expectClose(bytes.losses.data, Array.from(floats.losses.data, Number), { relative: 0.05, what: "losses" });
  expect(bytes.losses.data).not.toEqual(floats.losses.data);
  for (const layer of ["conv3", "fc3", "conv4", "fc4", "id4"]) {
    const [a, b] = [bytes, floats].map((r) => toFloat64(r[`next.${layer}.weight.velocity`]).data);
    const dot = (x: Float64Array, y: Float64Array) => total(x.length, (i) => x[i] * y[i]);
    expect(dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b)), layer).toBeGreaterThan(0.9); // some neurons stand at the edge of a ReLU
  }
  expect(bytes["next.conv1.weight"].data).toEqual(weights["conv1.weight"]);
});

test("a step with some people's classifiers alone is one of a run that has no others", async () => {
  const { state, feeds, config } = createStep({}, SEED);
  const sampled = { ...config, people: 100, sample: PEOPLE };
  const [whole, sample] = await Promise.all(
    [config, sampled].map((of) => createSession(buildStepGraph(of), { threads: 1 }, "step")),
  );
  const [expected, results] = [await runStep(whole, feeds(1)), await runStep(sample, feeds(1))];
  await Promise.all([whole.release(), sample.release()]);
  for (const name of Object.keys(state)) {
    const [kept, other] = isClassifier(name) ? [MOVED, "next."] : ["next.", MOVED];
    expect(results[kept + name], name).toEqual(expected[`next.${name}`]);
    expect(results[other + name]).toBeUndefined();
  }
  expect(results.losses).toEqual(expected.losses);
});
