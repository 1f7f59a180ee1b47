/** What the card of a model or a system says of its matcher. */
import type { ChooseMatcherOptions, ChosenMatcher } from "./chooseMatcher.ts";

interface FittedOn {
  readonly people: number;
  /** So many of these people trained the net, too. */
  readonly trainedPeople: number;
  readonly pictures: number;
}

/** Of `chosen`, on whom it was fitted and on whom it was chosen. */
export const matcherOnCard = (
  { components, shrinkage, teacherNumbers, accuracy, tried }: ChosenMatcher,
  fittedOn: FittedOn,
  chosenOn: Pick<FittedOn, "people" | "pictures">,
  {
    directions,
    mirrorsAlike,
  }: Pick<ChooseMatcherOptions, "directions"> & { readonly mirrorsAlike?: boolean },
) => ({
  matching: { ...fittedOn, components, shrinkage, teacherNumbers, directions, mirrorsAlike },
  validation: { ...chosenOn, accuracy, tried },
});
