/** What is to be erased, a minute before it is: until then it can be undone. Leaving the studio erases at once. */
import { type Answer, api, explain, withKey } from "./api.ts";

/** How long somebody has to think better of it, in seconds. */
const GRACE_S = 60;

export type Erased = Answer<"removePerson">;

export interface Erasure {
  readonly person: string;
  /** One face alone; undefined: the person with all faces. */
  readonly face?: number;
  /** Seconds left. */
  readonly left: number;
}

interface Waiting extends Erasure {
  readonly done: (receipt: Erased) => void;
  readonly failed: (reason: string) => void;
}

let waiting = $state.raw<readonly Waiting[]>([]);
let timer: ReturnType<typeof setInterval> | undefined;

/** What waits to be erased. */
export const erasures = (): readonly Erasure[] => waiting;
export const waitsForErasure = (person: string, face?: number): boolean =>
  waiting.some((one) => one.person === person && one.face === face);

/** Erases in a minute; `done` gets the receipt. */
export function eraseSoon(
  what: Pick<Erasure, "person" | "face">,
  told: Pick<Waiting, "done" | "failed">,
): void {
  if (waitsForErasure(what.person, what.face)) return;
  waiting = [...waiting, { ...what, ...told, left: GRACE_S }];
  timer ??= setInterval(tick, 1_000);
}

/** Nothing is erased. */
export const undoErasure = (what: Erasure): void => drop(what);

/** Erases without waiting any longer. */
export async function eraseNow(what: Erasure): Promise<void> {
  const found = waiting.find((one) => isSame(one, what));
  if (!found) return;
  drop(what);
  try {
    found.done(
      await (found.face === undefined ? api.removePerson(found) : api.removeFace({ face: found.face })),
    );
  } catch (error) {
    found.failed(explain(error));
  }
}

const isSame = (a: Erasure, b: Erasure) => a.person === b.person && a.face === b.face;

function drop(what: Erasure): void {
  waiting = waiting.filter((one) => !isSame(one, what));
  if (waiting.length > 0) return;
  clearInterval(timer);
  timer = undefined;
}

function tick(): void {
  waiting = waiting.map((one) => ({ ...one, left: one.left - 1 }));
  for (const one of waiting) if (one.left <= 0) void eraseNow(one);
}

/** The page goes: what was promised is done by requests that outlive it. */
addEventListener("pagehide", () => {
  for (const { person, face } of waiting) {
    const path = face === undefined ? `people/${encodeURIComponent(person)}` : `faces/${face}`;
    void fetch(`/api/v1/${path}`, withKey({ method: "DELETE", keepalive: true }));
  }
});
