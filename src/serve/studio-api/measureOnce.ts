/** The study of the neurons: made when somebody asks, once. */
import type { FeatureSet } from "../../matching/features/index.ts";
import { Problem } from "../service/index.ts";
import { type NeuronStudy, studyNeurons } from "./neurons.ts";
import type { SyntheticPeople } from "./population.ts";

/** The study of the neurons, which begins when somebody asks, and is tried again after a failure. */
export function measureOnce(
  people: SyntheticPeople,
  measure: (onMeasured: (measured: number) => void) => Promise<FeatureSet>,
) {
  const { names } = people;
  const faces = names.reduce((sum, name) => sum + people.faces(name).length, 0);
  let study: Promise<NeuronStudy> | undefined;
  let done: NeuronStudy | undefined;
  let failed: { readonly error: unknown } | undefined;
  let measured = 0;
  /** Begins where nothing is under way; a failure is told to whoever asks next, once, and then it is tried again. */
  const begin = () => {
    const failure = failed;
    failed = undefined;
    if (failure) throw failure.error;
    if (study) return;
    measured = 0;
    study = measure((count) => {
      measured = count;
    }).then((set) => studyNeurons(people, set));
    study.then(
      (result) => {
        done = result;
      },
      (error) => {
        failed = { error };
        study = undefined;
      },
    );
  };
  return {
    /** The study when it is done; until then a problem that says when to come again. */
    study() {
      if (done) return done;
      begin();
      const detail = `The neurons are being measured: ${measured} of ${faces} pictures.`;
      throw new Problem("unavailable", detail, { retryAfterSeconds: 2 });
    },
    soFar() {
      if (done) return done.all;
      begin();
      return { measured, faces, people: [...names], neurons: [] };
    },
  };
}
