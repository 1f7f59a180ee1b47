/** Tables as text for spreadsheets [RFC 4180]. */

export type Cell = string | number | null | undefined;

/** A first line of `columns`, and a line for each row; cells without a value are empty. */
export const csvText = (columns: readonly string[], rows: readonly (readonly Cell[])[]): string =>
  [columns, ...rows].map((row) => `${row.map(cell).join(",")}\n`).join("");

function cell(value: Cell): string {
  const text = String(value ?? "");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
