/** Asking again and again, for as long as somebody can see the answer. */

/**
 * Calls `look`, which does not fail, at once and `everyMs` after each answer. While the page is hidden nothing is asked; when it is
 * shown again, at once. Returns what ends it.
 */
export function whileShown(everyMs: number, look: () => Promise<void>): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let looking = false;
  let over = false;
  async function turn() {
    clearTimeout(timer);
    if (looking || over || document.hidden) return;
    looking = true;
    await look();
    looking = false;
    if (!over) timer = setTimeout(turn, everyMs);
  }
  document.addEventListener("visibilitychange", turn);
  void turn();
  return () => {
    over = true;
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", turn);
  };
}
