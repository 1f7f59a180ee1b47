/**
 * Names in one form. "é" can be one character or two (Unicode NFC, NFD): macOS and zip programs write the one, keyboards
 * the other, and nobody sees the difference. So names are kept and compared in NFC, and what a reader cannot see at all
 * is refused in the name of a person.
 */
import { InputError } from "../errors/index.ts";

/** Most UTF-16 units of a person's name. */
export const NAME_LENGTH = 200;

/**
 * Control characters; characters without a shape, joiners and those that turn the direction of writing among them;
 * halves of characters; private ones; and spaces that are not U+0020 or the ideographic U+3000.
 */
const UNSEEN =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|(?![ \u3000])\p{Zs}/u;

/**
 * `text` as names are compared: in NFC. For names of pictures and people out of files and requests, where nothing is
 * to be refused, only found.
 *
 * @example nameKey("Jose\u0301/1") === nameKey("Jos\u00e9/1")
 */
export const nameKey = (text: string): string => text.normalize("NFC");

/**
 * `text` as the name of a person, in NFC. Throws an InputError, which begins with `what`, where it is empty, too long,
 * has outer spaces or characters that are not seen, or is "." or "..", which no folder can be called.
 *
 * @example personName("Jose\u0301") === "Jos\u00e9"
 */
export function personName(text: string, what = "name"): string {
  const name = typeof text === "string" ? nameKey(text) : "";
  const length = name.length >= 1 && name.length <= NAME_LENGTH;
  if (!(length && name.trim() === name && name !== "." && name !== "..")) {
    throw new InputError(
      `${what}: a person's name must be 1 to ${NAME_LENGTH} characters without outer spaces, and not "." or ".."; ` +
        `got ${shown(text)}`,
    );
  }
  const unseen = UNSEEN.exec(name)?.[0];
  if (unseen !== undefined) {
    throw new InputError(
      `${what}: a person's name cannot hold characters that are not seen, such as ${codePoint(unseen)}; got ${shown(text)}`,
    );
  }
  return name;
}

const codePoint = (character: string) =>
  `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}`;

/** In quotes; what is not seen as its code. */
const shown = (text: unknown): string => {
  if (typeof text !== "string") return typeof text;
  const cut = text.length > NAME_LENGTH ? `${text.slice(0, 40)}...` : text;
  return JSON.stringify(cut).replace(new RegExp(UNSEEN, "gu"), (character) => `<${codePoint(character)}>`);
};
