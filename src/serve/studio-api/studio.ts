/** The studio as an extension of the service: what its pages ask, and the pages themselves. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../../base/errors/index.ts";
import { checkWritable } from "../../base/files/index.ts";
import { isSystem, openSystem } from "../../nets/models/index.ts";
import { isPostgres } from "../../people/gallery/index.ts";
import { watchWork } from "../../people/work/index.ts";
import { type Extension, handled, isLoopback, type ServiceOptions } from "../service/index.ts";
import { STUDIO_ADDRESSES } from "./endpoints.ts";
import { type ShownOptions, studioHandlers } from "./handlers.ts";
import { once } from "./once.ts";
import { STUDIO_OPERATIONS } from "./operations.ts";
import { STUDIO_PEOPLE, type SyntheticPeople, syntheticPeople } from "./population.ts";
import { addFileRoutes } from "./routes.ts";
import { trainingRuns } from "./runs.ts";

export interface StudioOptions extends ShownOptions {
  /** The folder that its pages were built into. */
  readonly folder: string;
  /** A folder of training runs that pages may start, stop and resume: for a service that this machine alone can reach. */
  readonly runs?: string;
}

/** What `startService` serves as the studio beside its API. */
export function studioApi({
  folder,
  runs: runsFolder,
  ...shown
}: StudioOptions): NonNullable<ServiceOptions["extend"]> {
  if (!existsSync(join(folder, "index.html"))) {
    throw new InputError(`${folder}: the studio is not built; run: npm run build`);
  }
  return (engine, limits): Extension => {
    const draw = (identity: number) => engine.ask("draw", { population: STUDIO_PEOPLE, identity });
    const people = syntheticPeople(draw);
    const matcher = once(() => readMatcher(engine.model));
    const browserModel = isSystem(engine.model) ? undefined : engine.model;
    const runs = runsFolder === undefined ? undefined : trainingRuns(runsFolder);
    const work = isPostgres(engine.place) ? watchWork(engine.place) : undefined;
    const parts = {
      ...shown,
      runs,
      work,
      people,
      matcher,
      limits,
      browserNet: browserModel !== undefined,
    };
    return {
      operations: handled(STUDIO_OPERATIONS, STUDIO_ADDRESSES, studioHandlers(engine, parts)),
      addRoutes(api) {
        addFileRoutes(api, { ...shown, people, browserModel });
        api.addHook("onListen", async () => firstView(people, matcher));
        api.addHook("onClose", async () => {
          await Promise.all([runs?.close(), work?.close()]);
        });
      },
      pages: folder,
    };
  };
}

/** Begins what the first page needs, so that whoever opens it does not wait: a drawn person, and what judges two pictures of one. */
function firstView(people: SyntheticPeople, matcher: () => Promise<unknown>): void {
  const [face] = people.faces(people.names[0]);
  for (const ahead of [people.picture(face), matcher()]) ahead?.catch(() => {}); // told to whoever asks for it
}

/** What judges pairs; the nets are left to the workers. */
async function readMatcher(model: string) {
  const system = await openSystem(model, { threads: 1 });
  await system.release();
  return system.matcher;
}

/** Who trains here reads any folder and writes into this one: nobody else's machine may ask for it. */
export function checkRuns(runs: string, host: string): void {
  checkWritable(runs, "folder");
  if (!isLoopback(host)) {
    throw new InputError(`studio: --runs is for this machine alone, and ${host} can be reached from others`);
  }
}
