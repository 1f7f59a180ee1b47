/** Numbers of docs/studio.md, from results/studio.json, which `bench/studio.ts` writes. */
import { join } from "node:path";
import { z } from "zod";
import { readResult } from "../../src/lab/results/index.ts";

const Studio = z.object({
  firstView: z.object({ kilobytes: z.number(), firstPaintMs: z.number(), verdictMs: z.number() }),
  brushToScoreMs: z.object({ median: z.number(), p95: z.number() }),
  manyPhotos: z.object({
    photos: z.number(),
    seconds: z.number(),
    longestPauseMs: z.number(),
    cancelMs: z.number(),
  }),
});

/** By the names that the document uses. */
export async function studioNumbers(folder: string): Promise<Readonly<Record<string, () => string>>> {
  const { firstView, brushToScoreMs, manyPhotos } = Studio.parse(
    await readResult(join(folder, "studio.json")),
  );
  const ms = (value: number) => () => `${Math.round(value)} ms`;
  return {
    "studio-kilobytes": () => `${firstView.kilobytes} kB`,
    "studio-first-paint": ms(firstView.firstPaintMs),
    "studio-first-verdict": ms(firstView.verdictMs),
    "studio-brush": ms(brushToScoreMs.median),
    "studio-brush-p95": ms(brushToScoreMs.p95),
    "studio-photos": () => String(manyPhotos.photos),
    "studio-photos-seconds": () => `${Math.round(manyPhotos.seconds)} s`,
    "studio-photos-pause": ms(manyPhotos.longestPauseMs),
    "studio-photos-cancel": ms(manyPhotos.cancelMs),
  };
}
