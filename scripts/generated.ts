/** Text between marks of a document, written by a program: `<!-- results -->` to `<!-- /results -->`. */

const START = "<!-- results -->";
const END = "<!-- /results -->";

/** `text` with what stands between its marks replaced. */
export function withGenerated(text: string, generated: string, name: string): string {
  const [start, end] = [text.indexOf(START), text.indexOf(END)];
  if (start < 0 || end < start) throw new Error(`${name}: needs ${START} and ${END}`);
  return `${text.slice(0, start)}${START}\n${generated}\n${text.slice(end)}`;
}

/** Results by path; undefined where there are none. */
export type Read = (path: string) => unknown;
