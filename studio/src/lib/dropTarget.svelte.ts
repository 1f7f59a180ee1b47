/** An element that files are dropped on. */

/** `take` gets what is dropped; spread `handlers` on the element. */
export function dropTarget(take: (files: FileList | undefined) => void) {
  let over = $state(false);
  return {
    /** Whether something is dragged above it. */
    get over() {
      return over;
    },
    handlers: {
      ondragover(event: DragEvent) {
        event.preventDefault();
        over = true;
      },
      ondragleave() {
        over = false;
      },
      ondrop(event: DragEvent) {
        event.preventDefault();
        over = false;
        take(event.dataTransfer?.files);
      },
    },
  };
}
