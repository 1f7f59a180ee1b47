/** People by what their pictures are rated to show. */
import { DataError } from "../../base/errors/index.ts";
import type { AttributeTable } from "../../matching/features/index.ts";

/**
 * The people of each attribute of `names`, which exclude one another: a person is of the attribute that most of their
 * pictures show, if at least half of them do. Pictures are called Name/Name_0001.
 */
export function peopleByAttribute(
  { pictures, attributes }: AttributeTable,
  names: readonly string[],
): Map<string, Set<string>> {
  const missing = names.filter((name) => !attributes.has(name));
  if (missing.length > 0) {
    throw new DataError(
      `attributes: there is no ${missing.join(", no ")}; there are ${[...attributes.keys()].join(", ")}`,
    );
  }
  const people = new Map<string, { readonly pictures: number; readonly shown: readonly number[] }>();
  for (const [row, picture] of pictures.entries()) {
    const person = picture.slice(0, picture.indexOf("/"));
    const before = people.get(person) ?? { pictures: 0, shown: names.map(() => 0) };
    const shown = before.shown.map((count, k) => count + (attributes.get(names[k])![row] > 0 ? 1 : 0));
    people.set(person, { pictures: before.pictures + 1, shown });
  }
  const groups = new Map(names.map((name) => [name, new Set<string>()]));
  for (const [person, { pictures: count, shown }] of people) {
    const most = Math.max(...shown);
    const winners = names.filter((_, k) => shown[k] === most);
    if (most >= count / 2 && winners.length === 1) groups.get(winners[0])!.add(person);
  }
  return groups;
}
