/** One training run as a value. configs/ holds one file for each run that was made; a run stores its own. */
import { z } from "zod";
import { InputError } from "../../base/errors/index.ts";
import { cropSize } from "../../faces/face/index.ts";
import { type NetConfig, RegionSchema } from "../net/index.ts";

const positive = z.number().positive();
const count = z.number().int().positive();
const share = z.number().min(0).max(1);
const maps = z.tuple([count, count, count, count]);

const NetSchema = z
  .strictObject({
    family: z.enum(["deepid2plus", "deepid2"]),
    channels: z.union([z.literal(1), z.literal(3)]),
    height: count,
    width: count,
    maps,
    neurons: count,
    taps: z.array(z.number().int().min(1).max(4)).min(1),
    conv3: z.enum(["shared", "blocks"]),
    conv4: z.enum(["shared", "unshared"]),
    normalisation: z.enum(["none", "batch"]),
    dropout: z.number().min(0).lt(1),
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
  net: NetSchema,
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
  split: z.strictObject({ matching: z.number().min(0), validation: z.number().min(0) }),
  /** Mini-batches. */
  steps: count,
  /** Pairs of one person's pictures in a mini-batch: half as many as it has pictures. */
  pairs: count,
  /** Rises linearly over `warmup` steps to `peak`, then falls along a half cosine to 0. */
  learningRate: z.strictObject({ peak: positive, warmup: z.number().int().min(0) }),
  momentum: share,
  weightDecay: z.number().min(0),
  /**
   * Weight of the verification signal on features as they are: 0 for `after` steps, then rising to `weight`
   * over as many again. The paper's family uses 0.05 at its own feature scale.
   */
  lambda: z.strictObject({ weight: z.number().min(0), after: z.number().int().min(0) }),
  /** The margin is re-set every `every` steps to the threshold of least error on the last `pairs` pairs. */
  margin: z.strictObject({ pairs: count, every: count }),
  /**
   * Shifts in pixels of the crop, mirroring, changes of contrast and brightness as shares of the range; and, where
   * given, of size by up to that share more or less, and turns of up to so many degrees.
   */
  augmentation: z.strictObject({
    shift: z.number().int().min(0),
    mirror: z.boolean(),
    light: share,
    scale: share.optional(),
    rotation: z.number().min(0).max(45).optional(),
    /** The share of pictures of which a part is covered (random erasing [Zhong et al., 2020]), and of which all is blurred. */
    erase: share.optional(),
    blur: share.optional(),
  }),
  /** Steps between measurements of held-out verification accuracy, and seconds between checkpoints. */
  evaluateEvery: count,
  checkpointSeconds: positive,
  seed: z.number().int(),
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

/** Checks a config that came from a file; `source` says in errors which. */
export function parseTraining(value: unknown, source: string): Training {
  const result = TrainingSchema.safeParse(value);
  if (result.success) return result.data;
  throw new InputError(`${source}: not a training config\n${z.prettifyError(result.error)}`);
}
