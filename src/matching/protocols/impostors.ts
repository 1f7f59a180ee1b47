/** Thresholds by false alarm rate: how high must a score be so that few impostors reach it? */
import { InputError } from "../../base/errors/index.ts";

/**
 * The largest scores of very many, without keeping them all: a buffer of twice as many, cut to the larger half
 * whenever it is full.
 */
export interface LargestScores {
  /** How many scores were added. */
  readonly count: number;
  add(score: number): void;
  /**
   * The lowest threshold that at most the share `rate` of all added scores lies above. Scores equal to it are not
   * above it, so that ties never raise the rate.
   */
  thresholdAt(rate: number): number;
}

/** Keeps what thresholds at rates of up to `highestRate` of `total` scores need. */
export function largestScores(total: number, highestRate: number): LargestScores {
  const kept = allowed(total, highestRate) + 1;
  const buffer = new Float32Array(2 * kept);
  let [filled, count, cut] = [0, 0, Number.NEGATIVE_INFINITY];
  const shrink = () => {
    const scores = buffer.subarray(0, filled).sort();
    buffer.copyWithin(0, filled - kept, filled);
    cut = scores[0];
    filled = kept;
  };
  return {
    get count() {
      return count;
    },
    add(score) {
      count++;
      if (score < cut) return;
      buffer[filled++] = score;
      if (filled === buffer.length) shrink();
    },
    thresholdAt(rate) {
      const above = allowed(count, rate);
      if (!(count >= 1 && above < kept)) {
        throw new InputError(
          `thresholdAt: kept for rates up to ${highestRate} of ${total} scores, asked ${rate} of ${count}`,
        );
      }
      const sorted = buffer.subarray(0, filled).sort();
      return above >= count ? Number.NEGATIVE_INFINITY : sorted[filled - 1 - above];
    },
  };
}

/** How many of `count` scores are the share `rate`; 0.001 of 3,000 is 3, whatever the last bit says. */
const allowed = (count: number, rate: number) => Math.min(count, Math.floor(rate * count + 1e-9));
