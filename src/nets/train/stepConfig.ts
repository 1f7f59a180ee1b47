/** What a training step is built from, and which parts of the net it leaves as they are. */
import type { NetConfig } from "../net/index.ts";
import type { Training } from "./config.ts";

export interface StepConfig {
  readonly net: NetConfig;
  /** People among the training faces: the width of each softmax. */
  readonly people: number;
  readonly batch: number;
  readonly momentum: number;
  /** Where given, a step's softmax is over so many of the people: their classifiers are given to it, and returned. */
  readonly sample?: number;
  /** Convolutions, from the first, that stay as they are. */
  readonly frozen?: number;
  /** FC-n that alone are trained, with their classifiers. */
  readonly heads?: readonly number[];
  /** A teacher's signal beside the two, or instead of them. */
  readonly teacher?: TeacherStep;
  /** Pulls weights towards zero at this rate, beside the gradient [decoupled: Loshchilov and Hutter, 2019]. */
  readonly weightDecay: number;
}

export interface TeacherStep {
  /** Numbers of the teacher for each picture. */
  readonly width: number;
  /** Weights of its squared error at each of `taps`, of its kernel's at the deepest of them, and of the paper's two signals. */
  readonly weight: number;
  readonly kernel: number;
  readonly labels: number;
  readonly taps: readonly number[];
}

/** What the step graph is built from; `width` is the teacher's, where there is one. */
export function stepConfig(training: Training, people: number, width = 0): StepConfig {
  const { net, pairs, momentum, weightDecay, frozen, heads, teacher } = training;
  const sample =
    training.sample === undefined || training.sample >= people || !usesLabels(training)
      ? undefined
      : training.sample;
  const taught = teacher && {
    width,
    weight: teacher.weight,
    kernel: teacher.kernel ?? 0,
    labels: teacher.labels ?? 1,
    taps: teacher.taps ?? net.taps,
  };
  return { net, people, batch: 2 * pairs, momentum, weightDecay, frozen, heads, sample, teacher: taught };
}

/** Whether a run learns from who is who: the paper's signals, or only a teacher's. */
export const usesLabels = ({ teacher }: Pick<Training, "teacher">): boolean => teacher?.labels !== 0;

/** Whether the parameter or layer `name` belongs to a part of the net that stays as it is. */
export const isFrozen = ({ frozen = 0, heads }: StepConfig, name: string): boolean => {
  const [, kind, stage] = /^(conv|fc|id)(\d)/.exec(name) ?? [];
  if (heads !== undefined) return kind === "conv" || !heads.includes(Number(stage));
  return kind === "conv" && Number(stage) <= frozen;
};
