/** One training run as a value; what a config leaves out has defaults. configs/ holds one file for each run that was made; a run stores its own. */
import { z } from "zod";
import { InputError, schemaProblems } from "../../base/errors/index.ts";
import { cropSize } from "../../faces/face/index.ts";
import { DEEPID2PLUS, type NetConfig, RegionSchema } from "../net/index.ts";

const positive = z.number().positive();
const count = z.number().int().positive();
const share = z.number().min(0).max(1);
const maps = z.tuple([count, count, count, count]);

/** What a config leaves out. Sizes of the net are the released one's, so that a run can start from it. */
const DEFAULTS = {
  net: {
    ...DEEPID2PLUS,
    taps: [3, 4],
    conv3: "shared",
    conv4: "shared",
    normalisation: "batch",
  },
  split: { matching: 0.25, validation: 0.15 },
  steps: 1000,
  pairs: 32,
  learningRate: { peak: 0.05, warmup: 50 },
  momentum: 0.9,
  weightDecay: 5e-3,
  lambda: { weight: 2e-3, after: 100 },
  margin: { pairs: 5_000, every: 20 },
  augmentation: { shift: 3, mirror: true, light: 0.2 },
  evaluateEvery: 100,
  checkpointSeconds: 60,
  seed: 1,
} as const;

const NetSchema = z
  .strictObject({
    family: z.enum(["deepid2plus", "deepid2"]).default(DEFAULTS.net.family),
    channels: z.union([z.literal(1), z.literal(3)]).default(DEFAULTS.net.channels),
    height: count.default(DEFAULTS.net.height),
    width: count.default(DEFAULTS.net.width),
    maps: maps.default(DEFAULTS.net.maps),
    neurons: count.default(DEFAULTS.net.neurons),
    taps: z
      .array(z.number().int().min(1).max(4))
      .min(1)
      .default([...DEFAULTS.net.taps]),
    conv3: z.enum(["shared", "blocks"]).default(DEFAULTS.net.conv3),
    conv4: z.enum(["shared", "unshared"]).default(DEFAULTS.net.conv4),
    normalisation: z.enum(["none", "batch"]).default(DEFAULTS.net.normalisation),
    dropout: z.number().min(0).lt(1).default(DEFAULTS.net.dropout),
  })
  .refine(({ taps }) => new Set(taps).size === taps.length, {
    path: ["taps"],
    error: "must all be different",
  })
  .refine(({ taps }) => taps.includes(4), {
    path: ["taps"],
    error: "must include 4, or nothing trains conv4",
  })
  .refine(({ family, taps }) => family === "deepid2plus" || (taps.length === 1 && taps[0] === 4), {
    path: ["taps"],
    error: "must be [4]: DeepID2 has no other",
  }) satisfies z.ZodType<NetConfig>;

const Fields = z.strictObject({
  net: NetSchema.prefault({}),
  /** The part of the aligned face that the net sees; the whole face where none is given. */
  region: RegionSchema.optional(),
  /** How many convolutions, from the first, stay as they are: for runs that start from another run's weights. */
  frozen: z.number().int().min(0).max(3).optional(),
  /**
   * What the run takes of the net that it starts from: all that fits, if left out, or the frozen convolutions alone. The rest
   * then begins at random, so that the net learns by itself, at a few times the steps.
   */
  adopt: z.enum(["all", "frozen"]).optional(),
  /**
   * People in a step's softmax: those of its batch and others, drawn for each step [partial FC: An et al., 2022]. All if left
   * out. The fewer the faster: with 8,000 people their classifiers are a quarter of a step on CPU.
   */
  sample: count.optional(),
  /** FC-n that are trained alone, on a net that otherwise stays as it is: to give a finished net further taps. */
  heads: z.array(z.number().int().min(1).max(4)).min(1).optional(),
  /**
   * A teacher's signal [MobileID: Luo et al., 2016]: the squared error of each of `taps` (all, if left out), through a linear map,
   * against a strong embedder's features of the same picture, times `weight`. `kernel` is the weight of a second error: of the
   * cosines between the deepest tap's own features against the teacher's arc-cosine kernel, for comparison by cosine and by
   * binary codes. `labels` is the weight of the paper's two signals beside it (1 if left out; with 0 there are no classifiers).
   * `views` of each picture that stand side by side in the features are averaged (2 if left out: face and mirror image).
   */
  teacher: z
    .strictObject({
      weight: positive,
      kernel: z.number().min(0).optional(),
      labels: z.number().min(0).optional(),
      views: count.optional(),
      taps: z.array(z.number().int().min(1).max(4)).min(1).optional(),
    })
    .optional(),
  /** People kept from the net, as numbers or shares: `matching` for Joint Bayesian, `validation` for choices. */
  split: z
    .strictObject({
      matching: z.number().min(0).default(DEFAULTS.split.matching),
      validation: z.number().min(0).default(DEFAULTS.split.validation),
    })
    .prefault({}),
  /** Mini-batches. */
  steps: count.default(DEFAULTS.steps),
  /** Pairs of one person's pictures in a mini-batch: half as many as it has pictures. */
  pairs: count.default(DEFAULTS.pairs),
  /** Rises linearly over `warmup` steps to `peak`, then falls along a half cosine to 0. */
  learningRate: z
    .strictObject({
      peak: positive.default(DEFAULTS.learningRate.peak),
      warmup: z.number().int().min(0).default(DEFAULTS.learningRate.warmup),
    })
    .prefault({}),
  momentum: share.default(DEFAULTS.momentum),
  weightDecay: z.number().min(0).default(DEFAULTS.weightDecay),
  /**
   * Weight of the verification signal on features as they are: 0 for `after` steps, then rising to `weight`
   * over as many again. The paper's family uses 0.05 at its own feature scale.
   */
  lambda: z
    .strictObject({
      weight: z.number().min(0).default(DEFAULTS.lambda.weight),
      after: z.number().int().min(0).default(DEFAULTS.lambda.after),
    })
    .prefault({}),
  /** The margin is re-set every `every` steps to the threshold of least error on the last `pairs` pairs. */
  margin: z
    .strictObject({
      pairs: count.default(DEFAULTS.margin.pairs),
      every: count.default(DEFAULTS.margin.every),
    })
    .prefault({}),
  /**
   * Shifts in pixels of the crop, mirroring, changes of contrast and brightness as shares of the range; and, where
   * given, of size by up to that share more or less, and turns of up to so many degrees.
   */
  augmentation: z
    .strictObject({
      shift: z.number().int().min(0).default(DEFAULTS.augmentation.shift),
      mirror: z.boolean().default(DEFAULTS.augmentation.mirror),
      light: share.default(DEFAULTS.augmentation.light),
      scale: share.optional(),
      rotation: z.number().min(0).max(45).optional(),
      /** The share of pictures of which a part is covered (random erasing [Zhong et al., 2020]), and of which all is blurred. */
      erase: share.optional(),
      blur: share.optional(),
    })
    .prefault({}),
  /** Steps between measurements of held-out verification accuracy, and seconds between checkpoints. */
  evaluateEvery: count.default(DEFAULTS.evaluateEvery),
  checkpointSeconds: positive.default(DEFAULTS.checkpointSeconds),
  seed: z.number().int().default(DEFAULTS.seed),
  /**
   * Another number draws other batches of the same people: for a run that starts from the weights of one, which
   * would else see the same variants of the same pictures again, and has learned some by heart.
   */
  cycle: z.number().int().min(0).optional(),
});

export const TrainingSchema = Fields.refine(({ net, region }) => !region || fits(region, net), {
  path: ["region"],
  error: "must have the height, width and colours of the net",
})
  .refine(({ net, frozen = 0 }) => net.taps.every((tap) => tap > frozen), {
    path: ["frozen"],
    error: "must be below every tap, or the tap's signals would train nothing but the tap",
  })
  .refine(({ net, heads = [] }) => heads.every((tap) => net.taps.includes(tap)), {
    path: ["heads"],
    error: "must be among the net's taps",
  })
  .refine(({ adopt, frozen = 0 }) => adopt !== "frozen" || frozen > 0, {
    path: ["adopt"],
    error: "takes frozen convolutions: frozen must be 1 or more",
  })
  .refine(({ sample, pairs }) => sample === undefined || sample > pairs, {
    path: ["sample"],
    error: "must be more than pairs, or a person of the batch meets no others",
  })
  .refine(({ net, teacher }) => teacher?.taps?.every((tap) => net.taps.includes(tap)) ?? true, {
    path: ["teacher", "taps"],
    error: "must be among the net's taps",
  })
  .refine(
    ({ net, teacher }) =>
      teacher?.labels !== 0 || net.taps.every((tap) => (teacher.taps ?? net.taps).includes(tap)),
    {
      path: ["teacher", "labels"],
      error: "is 0, so teacher.taps must be all taps of the net, or nothing trains the others",
    },
  )
  .refine(({ heads, teacher }) => heads === undefined || teacher === undefined, {
    path: ["teacher"],
    error: "cannot teach heads: their classifiers learn alone",
  })
  .refine(({ heads, frozen }) => heads === undefined || frozen === undefined, {
    path: ["frozen"],
    error: "says nothing beside heads, which leave every convolution as it is",
  });

function fits(region: z.infer<typeof RegionSchema>, { height, width, channels }: NetConfig): boolean {
  const size = cropSize(region);
  return size.height === height && size.width === width && size.channels === channels;
}

export type Training = z.infer<typeof TrainingSchema>;

/** The same as it may be written: every entry has a default, and so has every entry of an entry. */
export type TrainingConfig = z.input<typeof TrainingSchema>;

/** Checks a config that came from a file and fills in what it leaves out; `source` says in errors which file. */
export function parseTraining(value: unknown, source: string): Training {
  const result = TrainingSchema.safeParse(value);
  if (result.success) return result.data;
  throw new InputError(`${source}: not a training config: ${schemaProblems(result.error)}`);
}
