/** The queue of jobs beside the gallery, as its page asks for it; none where the gallery is not in PostgreSQL. */
import { InputError } from "../../base/errors/index.ts";
import type { WorkWatch } from "../../people/work/index.ts";
import { type HandlersOf, Problem } from "../service/index.ts";
import type { STUDIO_OPERATIONS } from "./operations.ts";

type WorkHandlers = Pick<HandlersOf<typeof STUDIO_OPERATIONS>, "work" | "workFailures">;

/** Failures of one page. */
const PAGE = 50;

export function workHandlers(work: WorkWatch | undefined): WorkHandlers {
  return {
    work: async () => ({ queue: (work && (await answered(work.overview()))) ?? null }),
    workFailures: async ({ after, limit = PAGE }) =>
      work ? answered(work.failures({ after, limit })) : { failures: [], next: null },
  };
}

/** Whoever asks is not told where the database is. */
async function answered<T>(asking: Promise<T>): Promise<T> {
  try {
    return await asking;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new Problem("unavailable", "The queue cannot be read now.", { retryAfterSeconds: 5, cause: error });
  }
}
