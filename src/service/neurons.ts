/** The neurons measured on the synthetic people: once, when somebody asks first. Paper: Sections 5 and 6.2. */
import { createFeatureSet, type FeatureSet } from "../features/index.ts";
import { createRng } from "../random/index.ts";
import {
  dealHalves,
  type Excitation,
  excitation,
  histogram,
  type NeuronProfile,
  personTasks,
  singleFeatureScores,
} from "../studies/index.ts";
import type { Answer } from "./operations/index.ts";
import type { SyntheticPeople } from "./people.ts";

export interface NeuronStudy {
  readonly all: Answer<"neurons">;
  /** Undefined for a number that no neuron has. */
  neuron(neuron: number): Answer<"neuron"> | undefined;
  person(person: string): Answer<"personPattern"> | undefined;
}

const BINS = 24;
const TOP = 12;
const PEOPLE_LISTED = 5;

/** Studies the patterns that `patternOf` gives for pictures. */
export async function studyNeurons(
  people: SyntheticPeople,
  patternOf: (picture: Uint8Array) => Promise<readonly number[]>,
  onMeasured: (measured: number) => void,
): Promise<NeuronStudy> {
  const set = await patterns(people, patternOf, onMeasured);
  const tasks = personTasks(set, { least: 2 });
  const scores = await singleFeatureScores(set, tasks, dealHalves(set, "picture", createRng(1)));
  const profiles = tasks.map((task, t) => byNumber(excitation(set, task, scores[t])));
  const column = (neuron: number) => columnOf(set, neuron);
  const peopleOf = (neuron: number) =>
    profiles
      .map(({ person, neurons }) => personLine(person, neurons[neuron]))
      .sort((p, q) => q.accuracy - p.accuracy);
  const firesFor = (values: Float32Array) => values.filter((value) => value > 0).length / values.length;
  const all = Array.from({ length: set.dimension }, (_, neuron) => {
    const values = column(neuron);
    const [{ person, accuracy, excited }] = peopleOf(neuron);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return { neuron, fires: firesFor(values), mean, best: { person, accuracy, excited } };
  });
  return {
    all: { measured: set.rows, faces: set.rows, people: [...people.names], neurons: all },
    neuron(neuron) {
      if (!(neuron < set.dimension)) return undefined;
      const values = column(neuron);
      const order = [...values.keys()].sort((p, q) => values[q] - values[p]).slice(0, TOP);
      const to = Math.max(1e-6, ...values);
      return {
        neuron,
        fires: firesFor(values),
        histogram: { from: 0, to, counts: [...histogram(values, { from: 0, to, bins: BINS }).counts] },
        top: order.map((row) => ({ face: set.names[row], activation: values[row] })),
        people: peopleOf(neuron).slice(0, PEOPLE_LISTED),
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

async function patterns(
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
