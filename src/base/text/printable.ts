/** Text for terminals: names of files may hold whatever moves a cursor, turns writing round or ends a line. */

/** Control characters but tab and line feed, and those that turn the direction of writing. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNPRINTABLE = /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the same and line ends, in an argument
const ODD = /[\0-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

/** `text` with every such character as its code: `\x1b`, `\u202e`. */
export const printable = (text: string): string => text.replace(UNPRINTABLE, escaped);

/** A writer that passes text on printable; those of `args` that hold such characters or line ends appear in quotes. */
export function printing(write: (text: string) => void, args: readonly string[]): (text: string) => void {
  const odd = args.filter((arg) => ODD.test(arg)).sort((a, b) => b.length - a.length);
  return (text) =>
    write(printable(odd.reduce((said, arg) => said.replaceAll(arg, JSON.stringify(arg)), text)));
}

function escaped(character: string): string {
  const code = character.charCodeAt(0);
  return code < 256 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
}
