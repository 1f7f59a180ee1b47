/**
 * The whole training step as one graph: forward, both signals at every tap, backward, SGD with momentum.
 *
 * Paper: Section 3; DeepID2 (NIPS 2014), Algorithm 1. Minimises Σₙ Id(FC-n) + λ Ve(FC-n) over the net and one
 * softmax classifier per tap.
 */
import {
  add,
  cast,
  type Expr,
  gemm,
  gradient,
  input,
  mul,
  reshape,
  scalar,
  scale,
  slice,
  stack,
  stepOnto,
  stopGradient,
  sub,
  toOnnx,
  transpose,
} from "../../math/graph/index.ts";
import {
  buildNet,
  dropout,
  facesInput,
  filled,
  gaussian,
  identification,
  meanNorm,
  type Parameter,
  recordingScope,
  type Scope,
  sameIdentity,
  verification,
  type Weights,
  wholeFront,
} from "../net/index.ts";
import { isFrozen, type StepConfig } from "./stepConfig.ts";
import { kernelError, mapOnto, regression } from "./teacherSignal.ts";

/** Whether SGD moves `parameter`. */
const isTrained = (config: StepConfig, { name, kind }: Parameter): boolean =>
  kind !== "statistic" && !isFrozen(config, name);

/** Tensors that training carries from step to step: every parameter, then a velocity for each trained one. */
export interface StateTensor {
  readonly name: string;
  readonly parameter: Parameter;
  readonly velocity: boolean;
}

/** The inputs of a step besides its state, in the order of their declaration. */
export function batchInputs({ net, batch, teacher }: StepConfig) {
  return {
    faces: input("faces", [batch, net.height, net.width, net.channels], "uint8"),
    identities: input("identities", [batch]), // whole numbers as float32
    masks: input("masks", [net.taps.length, batch, net.neurons], "uint8"), // dropout: 0 or 1
    learningRate: input("learningRate", []),
    lambda: input("lambda", []), // weight of the verification signal
    margins: input("margins", [net.taps.length]),
    targets: input("targets", [batch, teacher?.width ?? 1]), // the teacher's numbers
    similarities: input("similarities", [batch, batch]), // and its kernel
  };
}
type Batch = ReturnType<typeof batchInputs>;

/**
 * The graph of one step. Inputs: `batchInputs` and the state. Outputs: the state as `next.<name>`; `losses`
 * [3, taps]: identification, verification, mean feature norm, and with a teacher [5, taps]: its squared error, and its
 * kernel's; `distances` [taps, n, n] between the features.
 * With a `sample` its classifiers are those of so many people, and return as `moved.<name>`; identities count among them.
 * With the weights of a `frozen` net its convolutions that stay as they are become constants in eight bits, on CPU faster.
 */
export function buildStepGraph(whole: StepConfig, frozen?: Weights): Uint8Array {
  const config = { ...whole, people: whole.sample ?? whole.people };
  const tensors = stateTensors(config);
  const current = new Map(tensors.map(({ name, parameter }) => [name, input(name, parameter.shape)]));
  const next = new Map<string, Expr>();
  const scope: Scope = {
    parameter: ({ name }) => current.get(name)!,
    update: (name, value) => next.set(name, value),
    isFrozen: (layer) => isFrozen(config, layer),
  };
  const batch = batchInputs(config);
  const { loss, losses, distances } = measure(config, batch, scope, frozen);
  const trained = tensors.filter(({ parameter, velocity }) => !velocity && isTrained(config, parameter));
  const slopes = gradient(
    loss,
    trained.map(({ name }) => current.get(name)!),
  );
  trained.forEach(({ name, parameter }, i) => {
    const [value, velocity] = [current.get(name)!, current.get(`${name}.velocity`)!];
    const moved = descend(config, parameter, {
      value,
      velocity,
      slope: slopes[i],
      learningRate: batch.learningRate,
    });
    next.set(name, moved.value);
    next.set(`${name}.velocity`, moved.velocity);
  });
  const outputs = tensors.map(
    ({ name }) =>
      [
        whole.sample && isClassifier(name) ? MOVED + name : `next.${name}`,
        next.get(name) ?? stopGradient(current.get(name)!),
      ] as const,
  );
  return toOnnx({ ...Object.fromEntries(outputs), losses, distances });
}

/** What a training run of this config carries from step to step. */
export function stateTensors(config: StepConfig): StateTensor[] {
  const { scope, parameters } = recordingScope();
  const activations = buildNet(config.net, scope, facesInput(config.net, 1));
  for (const tap of config.net.taps) supervise(scope, config, tap, activations[`fc${tap}`]);
  const trained = parameters.filter((parameter) => isTrained(config, parameter));
  return [
    ...parameters.map((parameter) => ({ name: parameter.name, parameter, velocity: false })),
    ...trained.map((parameter) => ({ name: `${parameter.name}.velocity`, parameter, velocity: true })),
  ];
}

/** What training hangs on FC-`tap`: `kept` is what dropout leaves of it, for the classifier alone. */
function supervise(scope: Scope, config: StepConfig, tap: number, features: Expr, kept = features) {
  const { teacher } = config;
  const logits = teacher?.labels === 0 ? undefined : classify(scope, config, tap, kept);
  const mapped = teacher?.taps.includes(tap) ? mapOnto(scope, teacher.width, tap, features) : undefined;
  return { logits, mapped };
}

/** Forward pass and all signals at every tap. */
function measure(config: StepConfig, batch: Batch, scope: Scope, frozen?: Weights) {
  const { net, teacher } = config;
  const front = frozen && wholeFront(net, frozen, transpose(batch.faces, [0, 3, 1, 2]), config.frozen ?? 0);
  const activations = buildNet(net, scope, normalised(batch.faces), front);
  const same = sameIdentity(batch.identities);
  const masks = scale(cast(batch.masks, "float32"), 1 / (1 - net.dropout)); // GPUs do not slice bytes
  const taps = net.taps.map((tap, i) => {
    const features = activations[`fc${tap}`];
    const kept = net.dropout > 0 ? dropout(features, part(masks, i)) : features;
    const { logits, mapped } = supervise(scope, config, tap, features, kept);
    const id = logits ? identification(logits, batch.identities) : undefined;
    const { loss: ve, distances } = verification(features, same, part(batch.margins, i));
    const taught = mapped && regression(mapped, batch.targets);
    const isDeepest = teacher !== undefined && tap === Math.max(...teacher.taps);
    const kernel = isDeepest && teacher.kernel > 0 ? kernelError(features, batch.similarities) : undefined;
    return { tap, id, ve, taught, kernel, norm: meanNorm(features), distances };
  });
  const learning = taps.filter(({ tap }) => !config.heads || config.heads.includes(tap));
  const terms = learning.flatMap(({ id, ve, taught, kernel }) => [
    ...(id ? [scale(add(id, mul(ve, batch.lambda)), teacher?.labels ?? 1)] : []),
    ...(taught ? [scale(taught, teacher!.weight)] : []),
    ...(kernel ? [scale(kernel, teacher!.kernel)] : []),
  ]);
  const row = (of: (tap: (typeof taps)[number]) => Expr | undefined) =>
    stack(taps.map((tap) => of(tap) ?? scalar(0)));
  const rows = [row((t) => t.id), row((t) => t.ve), row((t) => t.norm)];
  const losses = stack(teacher ? [...rows, row((t) => t.taught), row((t) => t.kernel)] : rows);
  return { loss: terms.reduce(add), losses, distances: stack(taps.map((t) => t.distances)) };
}

/** Crops [n, height, width, channels] of bytes as a net takes them: [n, channels, height, width] in [-1, 1]. */
const normalised = (crops: Expr): Expr =>
  sub(scale(transpose(cast(crops, "float32"), [0, 3, 1, 2]), 1 / 127.5), scalar(1));

/** Before the name of a classifier's tensor among the outputs of a step that is given some people's alone. */
export const MOVED = "moved.";

/** Whether a tensor is part of a classifier: one row for each person. */
export const isClassifier = (name: string): boolean => /^id\d\./.test(name);

/** The softmax classifier of FC-`tap`: logits [n, people]. It exists in training only. */
function classify(scope: Scope, { people }: StepConfig, tap: number, features: Expr): Expr {
  const neurons = features.shape[1];
  const shape = [people, neurons];
  const weight = scope.parameter({
    name: `id${tap}.weight`,
    shape,
    kind: "weight",
    initialise: (rng) => gaussian(shape, 1 / Math.sqrt(neurons) / 10, rng), // starts near the uniform guess
  });
  const bias = scope.parameter({
    name: `id${tap}.bias`,
    shape: [people, 1],
    kind: "bias",
    initialise: filled([people, 1], 0),
  });
  return add(gemm(features, weight, { transB: true }), reshape(bias, [1, people]));
}

/** One step of SGD with momentum: v ← μ v - η g, w ← w + v - η γ w. Biases are not decayed. */
function descend(
  { momentum, weightDecay }: StepConfig,
  { kind }: Parameter,
  { value, velocity, slope, learningRate }: Record<"value" | "velocity" | "slope" | "learningRate", Expr>,
) {
  const moved = stepOnto(velocity, momentum, slope, learningRate);
  const decays = kind === "weight" && weightDecay > 0;
  const shrunk = decays ? mul(value, sub(scalar(1), scale(learningRate, weightDecay))) : value;
  return { value: add(shrunk, moved), velocity: moved };
}

/** Part `i` along the first axis. */
const part = (x: Expr, i: number): Expr => reshape(slice(x, [0], [i], [i + 1]), x.shape.slice(1));
