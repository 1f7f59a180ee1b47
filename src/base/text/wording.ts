/** Numbers as people read them. */

/** "45 s", "2 min 05 s", "1 h 10 min". */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number) => String(value).padStart(2, "0");
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`;
}

/** 68784 as "68,784", in any locale. */
export const count = (value: number): string =>
  Number.isSafeInteger(value)
    ? String(value).replace(/\B(?=(?:\d{3})+$)/g, ",") // loading a locale's rules takes 25 ms
    : value.toLocaleString("en-US");

/** "1 face", "2 faces", "1 person", "2 people". */
export const counted = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;

/** 0.9512 as "95.1 %"; `error` (same scale) as "± 0.4"; a dash where nothing was measured. */
export function formatPercent(
  value: number | null | undefined,
  { digits = 1, error }: { digits?: number; error?: number } = {},
): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  const spread = error === undefined || !Number.isFinite(error) ? "" : ` ± ${(error * 100).toFixed(digits)}`;
  return `${(value * 100).toFixed(digits)}${spread} %`;
}

/** A probability that was computed: never certain; a dash where there is none. */
export function formatProbability(probability: number | null): string {
  if (probability !== null && probability > 0.9995) return "> 99.9 %";
  if (probability !== null && probability < 0.0005) return "< 0.1 %";
  return formatPercent(probability);
}

/** Bytes as "17.2 MB". */
export function bytes(size: number): string {
  const units = ["bytes", "kB", "MB", "GB"];
  let [value, unit] = [size, 0];
  for (; value >= (unit === 0 ? 1000 : 999.5) && unit + 1 < units.length; unit++) value /= 1000;
  return `${unit === 0 ? value : value.toPrecision(3)} ${units[unit]}`;
}

/** Lines "label   value" with the values below each other. */
export function columns(rows: readonly (readonly [label: string, value: string])[]): string {
  const width = rows.reduce((widest, [label]) => Math.max(widest, label.length), 0);
  return rows.map(([label, value]) => `${label.padEnd(width)}  ${value}`).join("\n");
}

/** A paragraph: the lines of a template as one, with single spaces between its words. */
export const paragraph = (lines: TemplateStringsArray, ...values: readonly (string | number)[]): string =>
  lines
    .map((line, i) => `${line}${values[i] ?? ""}`)
    .join("")
    .replaceAll(/\s+/g, " ")
    .trim();

const UNITS: Readonly<Record<string, number>> = { "": 1, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };

/** The bytes that a person means: `bytesIn("8GB")` is 8e9. Throws where it is no size. */
export function bytesIn(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?) ?([KMGT]B)?$/i.exec(text.trim()) ?? [];
  if (number !== undefined) return Math.round(Number(number) * UNITS[(unit ?? "").toUpperCase()]);
  throw new Error("A size is needed, like 500MB or 8GB; 0 for none.");
}
