/** Text of documents that a program writes: `<!-- gen:NAME -->` to `<!-- /gen -->`, a block of lines or a few words. */

/** What stands between marks, by the name in the opening one. */
export type Generators = Readonly<Record<string, () => string>>;

const MARKED = /<!-- gen:([\w-]+) -->([\s\S]*?)<!-- \/gen -->/g;

/** `text` of the document `name` with what stands between its marks written anew. */
export function withGenerated(text: string, name: string, generators: Generators): string {
  const opened = text.match(/<!-- gen:/g)?.length ?? 0;
  const closed = text.match(/<!-- \/gen -->/g)?.length ?? 0;
  if (opened !== closed) throw new Error(`${name}: ${opened} marks are opened and ${closed} closed`);
  return text.replace(MARKED, (_, what: string, before: string) => {
    const generator = generators[what];
    if (!generator) throw new Error(`${name}: nothing generates ${what}`);
    const generated = generator();
    return `<!-- gen:${what} -->${before.startsWith("\n") ? `\n${generated}\n` : generated}<!-- /gen -->`;
  });
}
