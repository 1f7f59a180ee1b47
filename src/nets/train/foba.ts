/**
 * Forward-backward greedy selection (FoBa): Zhang, "Adaptive forward-backward greedy algorithm for learning sparse
 * representations", IEEE Trans. Information Theory 2011; what DeepID2 chose its 25 regions by, which DeepID2+ keeps
 * (Section 4).
 */
import { InputError } from "../../base/errors/index.ts";

/** One change of the selection. */
export interface FobaStep {
  readonly change: "added" | "removed";
  /** Number of the candidate. */
  readonly candidate: number;
  /** Of the selection after the change. */
  readonly score: number;
}

export interface FobaOptions {
  /** Candidates wanted at most. */
  readonly most: number;
  /** A step forward must gain more than this. */
  readonly least?: number;
}

/** The share of the last gain that a removal may lose, as in Zhang's algorithm. */
const LOSS = 0.5;

/**
 * Chooses among `candidates` candidates so that `score` of their numbers is high. Adds the one that gains most, as long
 * as it gains more than `least`; after each addition removes those whose removal loses less than half of what was gained
 * when the selection was last that large. `score` is asked about a few times candidates² selections.
 */
export function foba(
  candidates: number,
  score: (selection: readonly number[]) => number,
  { most, least = 0 }: FobaOptions,
): { selection: number[]; steps: FobaStep[] } {
  if (!(candidates >= 1 && most >= 1)) {
    throw new InputError(`foba: needs a candidate and room for one, got ${candidates} and ${most}`);
  }
  let selection: number[] = [];
  let now = Number.NEGATIVE_INFINITY;
  const gains: number[] = []; // gains[k]: what the step from k to k + 1 candidates gained
  const steps: FobaStep[] = [];
  while (selection.length < most) {
    const others = Array.from({ length: candidates }, (_, i) => i).filter((i) => !selection.includes(i));
    const best = highest(others, (i) => score([...selection, i]));
    if (!best || !(best.value - now > least)) break;
    gains[selection.length] = best.value - now;
    selection = [...selection, best.item];
    now = best.value;
    steps.push({ change: "added", candidate: best.item, score: now });
    while (selection.length > 2) {
      const kept = highest(selection, (i) => score(selection.filter((j) => j !== i)))!;
      if (!(now - kept.value < LOSS * gains[selection.length - 1])) break;
      selection = selection.filter((j) => j !== kept.item);
      now = kept.value;
      steps.push({ change: "removed", candidate: kept.item, score: now });
    }
  }
  return { selection, steps };
}

/** The item of the highest value, the first of equals; undefined of none. */
function highest(items: readonly number[], value: (item: number) => number) {
  const valued = items.map((item) => ({ item, value: value(item) }));
  return valued.length === 0 ? undefined : valued.reduce((a, b) => (b.value > a.value ? b : a));
}
