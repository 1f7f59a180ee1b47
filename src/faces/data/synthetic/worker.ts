/** A thread that draws every n-th person of a population. */
import { parentPort, workerData } from "node:worker_threads";
import { createPopulation, type PopulationOptions } from "../../synthetic/index.ts";
import { drawPerson } from "./drawnPerson.ts";

/** What a thread is to draw: people `first`, `first + every` and so on. */
export interface DrawingOrder {
  readonly population: PopulationOptions;
  readonly first: number;
  readonly every: number;
}

const { population: options, first, every } = workerData as DrawingOrder;
const population = createPopulation(options);
for (let identity = first; identity < population.people; identity += every) {
  const person = drawPerson(population, identity);
  parentPort?.postMessage(person, [person.faces.buffer]);
}
