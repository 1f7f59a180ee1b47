/**
 * The wire format of protocol buffers, as far as ONNX files need it to be described. The schema's own reader builds every
 * message of a file, and itself first, which together take a tenth of a second; here nothing is built but what is asked for.
 */

/** A field of a message: its number, and a whole number or the bytes of a text, a message, a list or a fixed number. */
export type WireField = readonly [number: number, value: number | Uint8Array];

/** The bytes of fixed numbers by their wire type. */
const FIXED: Readonly<Record<number, number>> = { 1: 8, 5: 4 };

/** The fields of the message in `bytes`, in order; an Error where they are none. */
export function fieldsOf(bytes: Uint8Array): WireField[] {
  const fields: WireField[] = [];
  let at = 0;
  const number = () => {
    const [value, end] = varint(bytes, at);
    at = end;
    return value;
  };
  while (at < bytes.length) {
    const tag = number();
    const [field, type] = [Math.floor(tag / 8), tag % 8];
    if (type === 0) fields.push([field, number()]);
    else {
      const length = type === 2 ? number() : FIXED[type];
      if (!(field > 0 && length >= 0)) throw new Error(`no field begins with ${tag}`);
      if (length > bytes.length - at)
        throw new Error(`field ${field} has ${length} bytes, more than there are`);
      fields.push([field, bytes.subarray(at, at + length)]);
      at += length;
    }
  }
  return fields;
}

/** The whole number of 64 bits that begins `at`, 7 bits a byte from the lowest, and where it ends. */
export function varint(bytes: Uint8Array, at: number): [value: number, end: number] {
  let value = 0n;
  let small = 0; // the same without a BigInt, as long as it is exact: most numbers have a byte or two
  for (let i = 0; i < 10; i++) {
    if (at + i >= bytes.length) throw new Error("cut off within a number");
    const byte = bytes[at + i];
    if (i < 7) small += (byte & 0x7f) * 2 ** (7 * i);
    if (i === 6) value = BigInt(small);
    if (i > 6) value |= BigInt(byte & 0x7f) << BigInt(7 * i);
    if (byte < 0x80) return [i < 7 ? small : Number(BigInt.asIntN(64, value)), at + i + 1];
  }
  throw new Error("a number of more than ten bytes");
}
