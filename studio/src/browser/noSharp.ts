/** Stands in for sharp, which decodes pictures on the server: in a page nothing calls it. */
export default function sharp(): never {
  throw new Error("pictures are decoded by the browser here");
}
