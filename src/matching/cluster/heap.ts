/** A heap of pairs of groups, the most alike on top. */
export interface ScoredPair {
  readonly a: number;
  readonly b: number;
  readonly score: number;
}

/** The higher score first; of equal ones the pair of the earlier groups, so that results do not depend on chance. */
const before = (p: ScoredPair, q: ScoredPair): boolean =>
  p.score !== q.score ? p.score > q.score : p.a !== q.a ? p.a < q.a : p.b < q.b;

export class PairHeap {
  readonly #pairs: ScoredPair[] = [];

  push(pair: ScoredPair): void {
    const pairs = this.#pairs;
    let at = pairs.push(pair) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(pair, pairs[parent])) break;
      pairs[at] = pairs[parent];
      at = parent;
    }
    pairs[at] = pair;
  }

  /** Takes the best pair out; undefined where there is none. */
  pop(): ScoredPair | undefined {
    const pairs = this.#pairs;
    const [top] = pairs;
    const last = pairs.pop();
    if (last === undefined || pairs.length === 0) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= pairs.length) break;
      if (child + 1 < pairs.length && before(pairs[child + 1], pairs[child])) child++;
      if (!before(pairs[child], last)) break;
      pairs[at] = pairs[child];
      at = child;
    }
    pairs[at] = last;
    return top;
  }
}
