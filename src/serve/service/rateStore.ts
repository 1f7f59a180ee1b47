/** Counts requests by a clock that nobody sets: @fastify/rate-limit's own goes by the time of day. */

interface Counted {
  count: number;
  /** When its minute ends, in milliseconds. */
  until: number;
}

type Answer = (error: Error | null, result?: { current: number; ttl: number }) => void;

/** Most clients told apart; beyond, those seen longest ago are forgotten. */
const CLIENTS = 20_000;

export interface RateStore {
  incr(key: string, answer: Answer, timeWindow: number): void;
  child(): RateStore;
}

/** A class of stores, as @fastify/rate-limit wants it, by the clock `now`, in milliseconds. */
export const rateStore = (now: () => number): (new () => RateStore) =>
  class {
    readonly #clients = new Map<string, Counted>();

    incr(key: string, answer: Answer, timeWindow: number): void {
      const time = now();
      let counted = this.#clients.get(key);
      if (!counted || counted.until <= time) counted = { count: 0, until: time + timeWindow };
      this.#clients.delete(key);
      this.#clients.set(key, counted); // the last seen is the last of the map
      if (this.#clients.size > CLIENTS) this.#clients.delete(this.#clients.keys().next().value!);
      counted.count++;
      answer(null, { current: counted.count, ttl: counted.until - time });
    }

    child(): RateStore {
      return this; // all routes count together
    }
  };
