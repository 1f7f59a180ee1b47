/** Numbers and verdicts as people read them. */

/** What a verdict is called on a page. */
export const VERDICT_WORDS = {
  same: "The same person",
  "probably the same": "Probably the same person",
  different: "Different people",
} as const;

export function percent(share: number, digits = 1): string {
  const text = (100 * share).toFixed(digits);
  if (share < 1 && Number(text) === 100) return `> ${(100 - 10 ** -digits).toFixed(digits)} %`;
  if (share > 0 && Number(text) === 0) return `< ${(10 ** -digits).toFixed(digits)} %`;
  return `${text} %`;
}

export const fixed = (value: number, digits = 2): string => value.toFixed(digits).replace("-", "−");

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
