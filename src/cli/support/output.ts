/**
 * What a command says: its result on stdout, as text or JSON; all else on stderr, where --quiet and --json leave it out,
 * but for the progress with --json on a terminal: there a person waits.
 */
import { DataError } from "../../base/errors/index.ts";
import type { StagedProgress } from "../../base/progress/index.ts";
import type { PassedOver } from "../../faces/data/index.ts";
import type { Answer } from "../../people/answers/index.ts";
import type { Io } from "./io.ts";
import { createProgress, type Progress, SILENT } from "./progress.ts";

export interface OutputOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** What a command speaks through; every long computation of the library takes it as its progress. */
export interface Output extends Required<StagedProgress> {
  /** What was asked for: `text` for people, if there is any, or `data` with --json. */
  result(data: unknown, text: string): void;
  /** One of many that could not be used. They are listed at the end, and the exit code is 3. */
  passedOver(one: PassedOver): void;
  /** What was skipped so far. */
  readonly left: readonly PassedOver[];
  /** A bar for the task `what`; it takes the place of the one before. */
  progress(what: string): Progress;
  close(): void;
}

export function createOutput(io: Io, { json = false, quiet = false }: OutputOptions): Output {
  const silent = json || quiet;
  let current = SILENT;
  const left: PassedOver[] = [];
  const progress = (what: string) => {
    current.stop();
    current = quiet || (json && !io.terminal) ? SILENT : createProgress(io, what);
    return current;
  };
  return {
    result(data, text) {
      current.stop();
      const isRecord = typeof data === "object" && data !== null && !Array.isArray(data);
      const all = isRecord && left.length > 0 ? { ...data, passedOver: left } : data;
      io.out(json ? `${JSON.stringify(all, null, 2)}\n` : text && `${text}\n`);
    },
    note(text) {
      current.stop();
      if (!silent) io.err(`${text}\n`);
    },
    passedOver: (one) => void left.push(one),
    left,
    signal: io.interrupt,
    progress,
    stage(what) {
      const bar = progress(what);
      return (done, total, options) => bar.update(done, total, options);
    },
    close: () => current.stop(),
  };
}

/** The answer, or its refusal as a failure of the command; with --json the refusal is printed as a result first. */
export function answered<T>(
  answer: Answer<T>,
  output: Output,
  { json }: { json?: boolean },
): { ok: true } & T {
  if (answer.ok) return answer;
  if (json) output.result(answer, "");
  throw new DataError(answer.message);
}
