/** Stands in for modules that only the service uses: nothing calls them in a page. */
export default function notHere(): never {
  throw new Error("this belongs to the service");
}
