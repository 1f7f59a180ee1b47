/** Text from files and callers, fit to stand in a message. */

/** In quotes, control characters escaped, cut after 80 characters. */
export const quote = (text: string) => JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}...` : text);

/** "a, b, c and 4 more": the first few of `items`, and how many there are. */
export function firstFew(items: readonly string[], few = 5): string {
  const shown = items.slice(0, few).map(quote).join(", ");
  return items.length > few ? `${shown} and ${items.length - few} more` : shown;
}
