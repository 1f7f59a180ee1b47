/** Numbers and verdicts as people read them. */

/** What a verdict is called on a page. */
export const VERDICT_WORDS = {
  same: "The same person",
  "probably the same": "Probably the same person",
  different: "Different people",
} as const;

/** Share of a face beyond the border from which on it is told, as by the command line. */
const WORTH_TELLING = 0.05;

/** "12 % cut off"; "" where next to nothing is. */
export const cutText = (cutOff: number): string =>
  cutOff < WORTH_TELLING ? "" : `${percent(cutOff, 0)} cut off`;

export function percent(share: number, digits = 1): string {
  const text = (100 * share).toFixed(digits);
  if (share < 1 && Number(text) === 100) return `> ${(100 - 10 ** -digits).toFixed(digits)} %`;
  if (share > 0 && Number(text) === 0) return `< ${(10 ** -digits).toFixed(digits)} %`;
  return `${text} %`;
}

export const fixed = (value: number, digits = 2): string => value.toFixed(digits).replace("-", "−");

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

/** A rate as people picture it: "1 in 240"; of what happens more often, the share. */
export function oneIn(rate: number): string {
  if (rate <= 0) return "none";
  const of = 1 / rate;
  if (of < 1.95) return `${(10 * rate).toFixed(rate < 1 ? 1 : 0)} in 10`;
  return `1 in ${(of < 9.95 ? Number(of.toFixed(1)) : Number(of.toPrecision(2))).toLocaleString("en")}`;
}

/** A time as people say it: "40 s", "6 min", "3 h 20 min". */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A time of ISO 8601 as a day and an hour here: "Nov 30, 2:05 AM". */
export const dayAndTime = (time: string): string =>
  new Date(time).toLocaleString("en", { month: "short", day: "numeric", hour: "numeric", minute: "2-digit" });
