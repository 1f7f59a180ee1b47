/** Numbers as people read them. */
export function percent(share: number, digits = 1): string {
  const text = (100 * share).toFixed(digits);
  if (share < 1 && Number(text) === 100) return `> ${(100 - 10 ** -digits).toFixed(digits)} %`;
  if (share > 0 && Number(text) === 0) return `< ${(10 ** -digits).toFixed(digits)} %`;
  return `${text} %`;
}

export const fixed = (value: number, digits = 2): string => value.toFixed(digits).replace("-", "−");

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

/** "1 in 1,000" of a small share. */
export const oneIn = (share: number): string => `1 in ${Math.round(1 / share).toLocaleString("en")}`;
