/** Which results no longer speak of the released models. */
import { columns } from "../../base/text/index.ts";
import type { MeasuredModel } from "./model.ts";
import type { ResultFile } from "./read.ts";

export interface Stale {
  readonly file: string;
  readonly why: string;
  /** Whether the file itself says so. */
  readonly said: boolean;
  /** Renews it. */
  readonly command: string;
}

/** The results that say they are stale, and those that name another model of the same name, or none that is released. */
export function staleResults(results: readonly ResultFile[], released: readonly MeasuredModel[]): Stale[] {
  return results.flatMap(({ file, content: { result } }): Stale[] => {
    const { model, stale, command } = result;
    if (stale !== undefined) return [{ file, why: stale, said: true, command }];
    if (model === null || released.some(({ nets }) => nets === model.nets)) return [];
    const same = released.some(({ name }) => name === model.name);
    const why = same
      ? `measured with other nets than those of ${model.name} as it is released`
      : `measured with ${model.name}, which is not released`;
    return [{ file, why, said: false, command }];
  });
}

/** Each stale file, why, and what renews it; then how many of all `results` there are. */
export function staleText(stale: readonly Stale[], results: number): string {
  const lines = stale.flatMap(({ file, why, said, command }) => [
    `${file}: ${why}${said ? "" : " (the file does not say so)"}`,
    `  ${command}`,
  ]);
  const counts = `${results}, ${results - stale.length} current, ${stale.length} stale`;
  return [...lines, columns([["results", counts]])].join("\n");
}
