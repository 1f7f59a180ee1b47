/** What the service counts of its pool, its gallery, and the work on that. */
import { isPostgres } from "../../people/gallery/index.ts";
import { type WorkStatus, workStatus } from "../../people/work/index.ts";
import type { Engine } from "./engine.ts";
import type { ServiceMetrics } from "./metrics.ts";

/** Shows them as they are whenever they are asked for; `place` is where the gallery is. */
export function watch(metrics: ServiceMetrics, engine: Engine, place: string): void {
  const { gallery } = engine;
  metrics.watch("deepid_jobs_waiting", "Pictures that wait for a worker.", () => engine.pool.waiting);
  metrics.watch("deepid_gallery_faces", "Faces in the gallery.", async () => (await gallery.count()).faces);
  if (!isPostgres(place)) return;
  metrics.watch(
    "deepid_gallery_codes_in_memory",
    "Codes that this process searches in its own memory; 0 while the server is searched.",
    async () => {
      const held = await gallery.held();
      return held?.state === "held" ? held.codes : 0;
    },
  );
  metrics.watch(
    "deepid_gallery_memory_repairs",
    "Stretches of codes in memory that were not what the gallery holds, and were read anew.",
    async () => (await gallery.held())?.repaired ?? 0,
  );
  watchWork(metrics, place);
}

const WORK = {
  waiting: [
    "Pictures of imports that wait for `deepid work`, or are in its hands.",
    (now) => now.pictures.waiting,
  ],
  added: ["Pictures that it has added.", (now) => now.pictures.added],
  passed_over: ["Pictures that it could not use.", (now) => now.pictures.passedOver],
  failed: ["Pictures of jobs that failed for good.", (now) => now.pictures.failed],
  per_second: ["Pictures a second of all workers, in the last minute.", (now) => now.picturesPerSecond],
} satisfies Record<string, [string, (now: WorkStatus) => number]>;
const WORKERS = "Jobs that workers have in hand, one each.";

/** Asked once for all numbers of one look. */
const LOOK_MS = 1_000;

function watchWork(metrics: ServiceMetrics, place: string): void {
  let looking: Promise<WorkStatus> | undefined;
  const look = () => {
    if (looking === undefined) {
      looking = workStatus(place);
      setTimeout(() => {
        looking = undefined;
      }, LOOK_MS).unref();
    }
    return looking;
  };
  metrics.watch("deepid_work_workers", WORKERS, async () => (await look()).jobs.active);
  for (const [name, [help, read]] of Object.entries(WORK)) {
    metrics.watch(`deepid_work_pictures_${name}`, help, async () => read(await look()));
  }
}
