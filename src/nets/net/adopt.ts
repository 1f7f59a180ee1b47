/**
 * Starting one net from another: a net for one region of the face begins with what the net for another has learned.
 *
 * A departure that saves time: the paper trains its 25 nets independently, as far as it says.
 */
import { sizeOf } from "../../math/graph/index.ts";
import { type NetConfig, stageSizes } from "./config.ts";
import type { Parameter, Weights } from "./scope.ts";

/** A net, with its classifiers, to start from. */
export interface Start {
  /** What it is, for the model card. */
  readonly name: string;
  readonly config: NetConfig;
  readonly weights: Weights;
  /** Names the faces it was trained on, where that is known. */
  readonly facesKey?: string;
}

/**
 * Values for `parameter` of the net `config` out of `start`, or undefined where its layer has no counterpart.
 * Equal shapes are copied. Colour filters become grey ones by adding up their channels, which gives what they give
 * on a grey picture. An FC-n on a map of another size takes, at each place, the weights of the nearest place. The
 * classifier of a tap that `start` lacks begins as that of its deepest: a new tap then learns from the first step.
 */
export function adoptWeights(
  parameter: Parameter,
  config: NetConfig,
  start: Start,
): Float32Array | undefined {
  const { name, shape } = parameter;
  const values = start.weights[name] ?? otherClassifier(name, start);
  if (!values || config.family !== start.config.family) return undefined;
  const stage = /^fc(\d)\.weight$/.exec(name)?.[1];
  if (stage !== undefined && config.family === "deepid2plus") {
    return otherMap(values, Number(stage), config, start.config);
  }
  if (name === "conv1.weight" && config.channels === 1 && start.config.channels === 3) {
    const grey = greyFilters(values, shape[2] * shape[3]);
    return grey.length === sizeOf(shape) ? grey : undefined;
  }
  return values.length === sizeOf(shape) ? values.slice() : undefined;
}

/** The weights that the deepest tap's classifier has for `name` of another. */
function otherClassifier(name: string, { config, weights }: Start): Float32Array | undefined {
  const part = /^id\d(\.\w+)$/.exec(name)?.[1];
  return part === undefined ? undefined : weights[`id${Math.max(...config.taps)}${part}`];
}

/** Filters [maps, 3, k, k], `area` = k k, to [maps, 1, k, k]. */
function greyFilters(values: Float32Array, area: number): Float32Array {
  const grey = new Float32Array(values.length / 3);
  values.forEach((value, i) => {
    grey[Math.floor(i / (3 * area)) * area + (i % area)] += value;
  });
  return grey;
}

/** Weights [maps h w, neurons] of FC-`stage` for the map that the net `to` has there. */
function otherMap(
  values: Float32Array,
  stage: number,
  to: NetConfig,
  from: NetConfig,
): Float32Array | undefined {
  const [own, other] = [stageSizes(to)[stage - 1], stageSizes(from)[stage - 1]];
  const maps = to.maps[stage - 1];
  const { neurons } = to;
  if (maps !== from.maps[stage - 1] || neurons !== from.neurons) return undefined;
  const nearest = (at: number, sides: number, otherSides: number) =>
    sides === 1 ? 0 : Math.round((at * (otherSides - 1)) / (sides - 1));
  const out = new Float32Array(maps * own.height * own.width * neurons);
  for (let map = 0, row = 0; map < maps; map++) {
    for (let y = 0; y < own.height; y++) {
      const down = map * other.height + nearest(y, own.height, other.height);
      for (let x = 0; x < own.width; x++, row++) {
        const place = down * other.width + nearest(x, own.width, other.width);
        out.set(values.subarray(place * neurons, (place + 1) * neurons), row * neurons);
      }
    }
  }
  return out;
}
