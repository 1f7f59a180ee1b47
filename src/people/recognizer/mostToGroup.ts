import { InputError } from "../../base/errors/index.ts";
import { count } from "../../base/text/index.ts";

/** Faces of a gallery that are grouped at once: the work grows with their square. */
export const MOST_TO_GROUP = 100_000;

/** InputError where there are more. `place` names the gallery. */
export function assertFewToGroup(place: string, faces: number): void {
  if (faces <= MOST_TO_GROUP) return;
  throw new InputError(
    `${place}: at most ${count(MOST_TO_GROUP)} faces are grouped at once, got ${count(faces)}`,
  );
}
