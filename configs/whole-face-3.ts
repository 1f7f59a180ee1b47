import type { Training } from "../src/train/index.ts";
import second from "./whole-face-2.ts";

export default {
  ...second,
  frozen: 0,
  cycle: 3,
  steps: 2000,
  learningRate: { peak: 0.085, warmup: 20 },
  augmentation: { shift: 3, mirror: true, light: 0.2, scale: 0.1, rotation: 8 },
  evaluateEvery: 400,
} satisfies Training;
