/** The neurons measured on the synthetic people. Paper: Sections 5 and 6.2. */

import { createRng } from "../../base/random/index.ts";
import { type Excitation, excitation, type NeuronProfile, neuronDossier } from "../../lab/studies/index.ts";
import { createFeatureSet, type FeatureSet } from "../../matching/features/index.ts";
import { dealHalves, personTasks, singleFeatureScores } from "../../matching/probes/index.ts";
import type { Answer } from "./client.ts";
import type { SyntheticPeople } from "./population.ts";

export interface NeuronStudy {
  /** The patterns that it is of. */
  readonly set: FeatureSet;
  readonly all: Answer<"neurons">;
  /** Undefined for a number that no neuron has. */
  neuron(neuron: number): Promise<Answer<"neuron"> | undefined>;
  person(person: string): Answer<"personPattern"> | undefined;
}

const PEOPLE_LISTED = 5;
const SEED = 1;

/** Studies patterns of the synthetic people, as `measurePatterns` gives them. */
export async function studyNeurons(people: SyntheticPeople, set: FeatureSet): Promise<NeuronStudy> {
  const tasks = personTasks(set, { least: 2 });
  const scores = await singleFeatureScores(
    set,
    tasks,
    dealHalves(set, "picture", createRng(SEED).fork("dossier")),
  );
  const profiles = tasks.map((task, t) => byNumber(excitation(set, task, scores[t])));
  const firesFor = (values: Float32Array) => values.filter((value) => value > 0).length / values.length;
  const all = Array.from({ length: set.dimension }, (_, neuron) => {
    const values = columnOf(set, neuron);
    const [{ person, accuracy, excited }] = profiles
      .map((profile) => personLine(profile.person, profile.neurons[neuron]))
      .sort((p, q) => q.accuracy - p.accuracy);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return { neuron, fires: firesFor(values), mean, best: { person, accuracy, excited } };
  });
  return {
    set,
    all: { measured: set.rows, faces: set.rows, people: [...people.names], neurons: all },
    async neuron(neuron) {
      if (!(neuron < set.dimension)) return undefined;
      const { fires, activation, top, entries } = await neuronDossier(set, neuron, { tasks, seed: SEED });
      const { from, to, counts } = activation.histogram;
      return {
        neuron,
        fires,
        histogram: { from, to, counts: [...counts] },
        top: top.map((row) => ({ face: set.names[row], activation: columnOf(set, neuron)[row] })),
        people: entries.slice(0, PEOPLE_LISTED).map(({ name, mean, restMean, excited, accuracy }) => ({
          person: name,
          mean,
          restMean,
          excited,
          accuracy,
        })),
      };
    },
    person(person) {
      const found = profiles.find((profile) => profile.person === person);
      return (
        found && {
          person,
          faces: people.faces(person),
          neurons: found.neurons.map(({ neuron, ...profile }) => {
            const { mean, restMean, excited, accuracy } = personLine(person, { neuron, ...profile });
            return { neuron, mean, restMean, excited, accuracy };
          }),
        }
      );
    },
  };
}

/** The patterns of all pictures, as `patternOf` gives them. */
export async function measurePatterns(
  people: SyntheticPeople,
  patternOf: (picture: Uint8Array) => Promise<readonly number[]>,
  onMeasured: (measured: number) => void,
): Promise<FeatureSet> {
  const names = people.names.flatMap((person) => people.faces(person));
  const rows: (readonly number[])[] = [];
  for (const name of names) {
    rows.push(await patternOf(await people.picture(name)!)); // one at a time: others wait too
    onMeasured(rows.length);
  }
  const identities = names.map((name) => name.split("_")[0]);
  return createFeatureSet(Float32Array.from(rows.flat()), rows[0].length, { names, identities });
}

const byNumber = ({ task, neurons }: Excitation) => ({
  person: task,
  neurons: [...neurons].sort((p, q) => p.neuron - q.neuron),
});

const personLine = (person: string, { mean, restMean, excited, accuracy }: NeuronProfile) => ({
  person,
  mean,
  restMean,
  excited,
  accuracy: accuracy ?? 0.5,
});

function columnOf({ rows, dimension, values }: FeatureSet, column: number): Float32Array {
  return Float32Array.from({ length: rows }, (_, row) => values[row * dimension + column]);
}
