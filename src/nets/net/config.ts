/**
 * What a net is made of. Sizes come from the paper where it states them; what it leaves to its family
 * (DeepID2, NIPS 2014) is marked.
 */
export interface NetConfig {
  readonly family: "deepid2plus" | "deepid2";
  readonly channels: 1 | 3;
  readonly height: number;
  readonly width: number;
  /** Feature maps of conv1 to conv4. */
  readonly maps: [number, number, number, number];
  /** Neurons of every FC-n. */
  readonly neurons: number;
  /** Which FC-n exist and are supervised, of 1 to 4. DeepID2 has only its last. */
  readonly taps: number[];
  /** Shared over the image, or (as in the paper's family) only inside each 2 × 2 block of outputs. */
  readonly conv3: "shared" | "blocks";
  /** Shared over the image, or (as in the paper's family) one weight set per output position. */
  readonly conv4: "shared" | "unshared";
  /** Departure: normalise each layer's sums over the batch while training; folded into the weights on release. */
  readonly normalisation: "none" | "batch";
  /** Share of FC-n neurons silenced while training. */
  readonly dropout: number;
}

/** Kernel sides of conv1 to conv4, for 55 × 47 and 47 × 47 input alike [DeepID2, Section 2]. */
export const KERNELS = [4, 3, 3, 2] as const;

/** The paper's net for a rectangular RGB region: 128 maps, four taps of 512 neurons, dropout 50 % [Section 3]. */
export const DEEPID2PLUS: NetConfig = {
  family: "deepid2plus",
  channels: 3,
  height: 55,
  width: 47,
  maps: [128, 128, 128, 128],
  neurons: 512,
  taps: [1, 2, 3, 4],
  conv3: "blocks",
  conv4: "unshared",
  normalisation: "none",
  dropout: 0.5,
};

/** The paper's net, four times narrower and batch-normalised, so that it learns in minutes on two cores. */
export const NARROW: NetConfig = {
  ...DEEPID2PLUS,
  maps: [32, 32, 32, 32],
  neurons: 128,
  conv3: "shared",
  conv4: "shared",
  normalisation: "batch",
  dropout: 0.2,
};

/** The baseline DeepID2: 20 to 80 maps, one 160-neuron layer fed by pool3 and conv4, no dropout [DeepID2, Section 2]. */
export const DEEPID2: NetConfig = {
  ...DEEPID2PLUS,
  family: "deepid2",
  maps: [20, 40, 60, 80],
  neurons: 160,
  taps: [4],
  dropout: 0,
};

/** Height and width after each stage: convolution, then 2 × 2 pooling but for the last. */
export function stageSizes({
  height,
  width,
}: Pick<NetConfig, "height" | "width">): { height: number; width: number }[] {
  let size = { height, width };
  return KERNELS.map((kernel, i) => {
    const after = (side: number) => (i < 3 ? Math.floor((side - kernel + 1) / 2) : side - kernel + 1);
    size = { height: after(size.height), width: after(size.width) };
    return size;
  });
}
