/** Words of the paper and of the field, as docs/glossary.md has them. */
export const TERMS = {
  neuron: "One of the 512 numbers that the net gives for a face.",
  fires: "Its activation, the output after ReLU, is above zero.",
  excitatory: "Fires more for this person than for everybody else.",
  inhibitory: "Fires less for this person than for everybody else, often not at all.",
  selective: "Fires for some people or attributes and not for others.",
  sparse: "About half of the neurons fire for a picture, the others are silent.",
  "balanced accuracy":
    "The share of decisions that are right, this person and everybody else weighing the same; guessing gives 50 %.",
  pattern: "Which of the 512 neurons fire for a face, and how strongly.",
  synthetic: "People who do not exist, drawn by this program.",
} as const;

export type TermName = keyof typeof TERMS;
