/** Rows of pictures by the person they show. */

/** The rows of each person, rising, people in the order in which they come up; of `rows` only, where given. */
export function rowsByPerson(
  identities: readonly string[],
  rows: Iterable<number> = identities.keys(),
): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const row of rows) {
    const own = found.get(identities[row]);
    if (own) own.push(row);
    else found.set(identities[row], [row]);
  }
  return found;
}
