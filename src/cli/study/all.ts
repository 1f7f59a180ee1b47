/** Every study of one model on one set of faces, for one page. */
import { join } from "node:path";
import type { PairList } from "../../protocols/index.ts";
import { attributeTasks, type NamedFeatures, personTasks } from "../../studies/index.ts";
import type { Output } from "../output.ts";
import { activationsPart } from "./activations.ts";
import type { PlannedCorruption } from "./corruptions.ts";
import type { StudyPart, StudySource } from "./page.ts";
import { studiedFaces } from "./pairs.ts";
import { measureLevels } from "./robustLevels.ts";
import { robustnessPart } from "./robustness.ts";
import { openSources, type SourceOptions } from "./robustSources.ts";
import { selectivityPart } from "./selectivity.ts";
import { sparsityPart } from "./sparsity.ts";
import type { Subjects } from "./subjects.ts";

export interface AllOptions extends SourceOptions {
  readonly pairs?: PairList;
  readonly folds?: number;
  readonly corruptions: readonly PlannedCorruption[];
  readonly leastPictures: number;
  readonly drawPerson?: string;
  readonly together: boolean;
  readonly seed: number;
  /** Where levels are kept. */
  readonly out: string;
}

/** Sparsity, selectivity, histograms and robustness. */
export async function allStudies(
  subjects: Subjects,
  options: AllOptions,
  { output, signal }: { output: Output; signal: AbortSignal },
): Promise<{ parts: StudyPart[]; source: StudySource }> {
  const { seed, corruptions, leastPictures, together, out } = options;
  const { faces, attributes, description } = subjects;
  const sources = await openSources(options);
  try {
    const studied = studiedFaces(faces, options.pairs, options);
    const features: NamedFeatures[] = [];
    for (const source of sources) {
      if (features.length > 0 && source.systems.every(({ role }) => role !== "rival")) continue;
      const sets = await source.extract(faces, {
        onProgress: output.onProgress(`${source.name}, all faces`),
        signal,
      });
      const { name, role } = source.systems.at(-1)!; // of a net its deepest tap
      features.push({ name, subject: role !== "rival", set: sets.at(-1)! });
    }
    const { set } = features[0];
    const tasks = [
      ...personTasks(set, { least: leastPictures }),
      ...(attributes ? attributeTasks(set, attributes) : []),
    ];
    let bar = output.onProgress("judging");
    const progress = { signal, onProgress: (done: number, total: number) => bar(done, total) };
    const onStage = (stage: string) => {
      bar = output.onProgress(stage);
    };
    const place = new Map(set.names.map((name, row) => [name, row]));
    const rowIn = (row: number) => place.get(studied.faces.names[row])!;
    const pairs = studied.folds.map((fold) =>
      fold.map(({ a, b, same }) => ({ a: rowIn(a), b: rowIn(b), same })),
    );
    const parts = [
      sparsityPart(set, pairs),
      await selectivityPart(features, tasks, { seed, together, onStage, ...progress }),
    ];
    onStage("histograms");
    parts.push(await activationsPart(set, tasks, { seed, ...progress }));
    const plan = {
      ...studied,
      sources,
      corruptions,
      seed,
      keepFeatures: false,
      folder: join(out, "robustness"),
    };
    parts.push(await robustnessPart(plan, await measureLevels(plan, { output, signal })));
    const source = {
      features: `${sources[0].name} ${features[0].name}, ${description}`,
      pictures: faces.count,
      people: new Set(faces.identities).size,
    };
    return { parts, source };
  } finally {
    await Promise.all(sources.map((source) => source.release()));
  }
}
