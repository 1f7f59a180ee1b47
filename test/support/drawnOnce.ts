/**
 * In place of the renderer's populations, for tests and what they start: a picture of a small population is drawn once
 * for all of them. Whoever tests the renderer itself draws anew.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";
import { threadId } from "node:worker_threads";
import * as drawing from "../../src/faces/synthetic/population.ts";

export * from "../../src/faces/synthetic/population.ts";

/** Pictures of larger populations are not kept: nobody draws them twice. */
const MOST = 500;
/** Undefined in a process that has no environment of ours. */
const COMPILED = process.env.DEEPID_COMPILED;

export const createPopulation: typeof drawing.createPopulation = (options) => {
  const population = drawing.createPopulation(options);
  const { people, picturesPerPerson } = population;
  if (COMPILED === undefined || people * picturesPerPerson > MOST) return population;
  const { seed, size, smoothing } = { ...drawing.POPULATION_DEFAULTS, ...options };
  const folder = join(COMPILED, "drawn", [seed, size, smoothing].join(" "));
  mkdirSync(folder, { recursive: true });
  const picture = (identity: number, index: number): drawing.SyntheticPicture => {
    const file = join(folder, `${identity} ${index}`);
    try {
      return deserialize(readFileSync(file)) as drawing.SyntheticPicture;
    } catch {
      const drawn = population.picture(identity, index);
      const own = `${file} ${process.pid} ${threadId}`;
      writeFileSync(own, serialize(drawn));
      renameSync(own, file);
      return drawn;
    }
  };
  return {
    ...population,
    picture,
    *[Symbol.iterator]() {
      for (let identity = 0; identity < people; identity++)
        for (let index = 0; index < picturesPerPerson; index++) yield picture(identity, index);
    },
  };
};
