/** Where in a face a neuron, or the verdict, looks: by gradients through the net, one face at a time. */

import { isSymmetric } from "../../faces/face/index.ts";
import { neuronSlopes, pairSlopes, pixelWorth, worthOfPlaces } from "../../lab/experiments/index.ts";
import { projectFace } from "../../matching/match/index.ts";
import { isSystem, openFaceGradient, ownNetOf, readCard } from "../../nets/models/index.ts";
import type { FaceSystem } from "../../nets/net/index.ts";
import { type Engine, type HandlersOf, Problem, pictureBytes, type ServiceLimits } from "../service/index.ts";
import { alignedFace } from "./comparisons.ts";
import { unpackFeatures } from "./featureBytes.ts";
import { once } from "./once.ts";
import { oneAtATime } from "./oneAtATime.ts";
import type { STUDIO_OPERATIONS } from "./operations.ts";

/** Slopes along the way from grey to the face: half of what a study takes, for a page that waits. */
const STEPS = 24;

/** Requests that wait for the one under way: the last of them is answered before its client gives up. */
const MOST_WAITING = 5;

/** Whether gradients of the model in the folder `model` are known: of one net of this project's own, of the middle of a face. */
export async function hasGradients(model: string): Promise<boolean> {
  if (isSystem(model)) return false;
  const card = await readCard(model);
  return ownNetOf(card) !== undefined && isSymmetric(card.region);
}

export function gradientHandlers(
  { about, model }: Engine,
  matcher: () => Promise<FaceSystem["matcher"]>,
  limits: ServiceLimits,
): Pick<HandlersOf<typeof STUDIO_OPERATIONS>, "gradients"> {
  const opened = once(async () => {
    if (!(await hasGradients(model))) {
      const needed = "one net of this project's own, of the middle of a face";
      throw new Problem("bad-request", `gradients: known of ${needed}; the model is another.`);
    }
    return { gradient: await openFaceGradient(model), card: await readCard(model) };
  });
  const inTurn = oneAtATime(MOST_WAITING, "Gradients"); // a face takes a core for a second
  return {
    async gradients({ pixels, features, neuron }, { signal }) {
      if ((features === undefined) === (neuron === undefined)) {
        throw new Problem("bad-request", "gradients: give either features of the other face, or a neuron.");
      }
      if (neuron !== undefined && neuron >= about.dimension) {
        throw new Problem(
          "bad-request",
          `neuron: needed is one from 0 to ${about.dimension - 1}, got ${neuron}.`,
        );
      }
      const face = alignedFace(pictureBytes(pixels, limits, "pixels"));
      const other = features && unpackFeatures(pictureBytes(features, limits, "features"), about.dimension);
      return inTurn(async () => {
        if (signal.aborted) throw new Problem("bad-request", "The client disconnected.");
        const { gradient, card } = await opened();
        const { matcher: compared } = await matcher();
        const slopes = other
          ? pairSlopes(gradient, compared, projectFace(compared, other))
          : neuronSlopes(gradient, neuron!);
        const found = await pixelWorth(face, card.region, slopes, { steps: STEPS });
        return {
          ...worthOfPlaces(found, card.region),
          answer: found.answer,
          baselineAnswer: found.baselineAnswer,
        };
      });
    },
  };
}
