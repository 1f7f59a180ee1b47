/** Text on its way into markup. */

/** Text as it may stand in HTML and SVG, between tags or in a quoted attribute. */
export function escapeMarkup(text: string): string {
  return plainText(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** Text without what markup cannot hold: control characters, lone surrogates, and marks that turn the reading direction. */
export function plainText(text: string): string {
  return text.replace(/(?![\t\n])\p{Cc}|\p{Cs}|[\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu, "");
}

/** At most `length` characters of a name; the rest becomes an ellipsis. */
export function shorten(text: string, length: number): string {
  const characters = [...plainText(text)];
  return characters.length <= length ? characters.join("") : `${characters.slice(0, length - 1).join("")}…`;
}
