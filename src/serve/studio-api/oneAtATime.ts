/** Work that takes a core for a second or more, one piece after the other. */
import { Problem } from "../service/index.ts";

/** What runs work in turn, and refuses it where `most` pieces of `what` wait already. */
export function oneAtATime(most: number, what: string) {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return <T>(work: () => Promise<T>): Promise<T> => {
    if (waiting > most) {
      const detail = `${what} wait already: ${most} of them.`;
      return Promise.reject(new Problem("unavailable", detail, { retryAfterSeconds: most }));
    }
    waiting++;
    const mine = last.then(work).finally(() => {
      waiting--;
    });
    last = mine.catch(() => {});
    return mine;
  };
}
