/** Excited and inhibited neurons of one person or attribute: the paper's Figs 10 and 11. */

import * as Plot from "@observablehq/plot";
import { formatPercent } from "../../base/text/index.ts";
import type { Excitation, NeuronProfile } from "../studies/index.ts";
import { drawFigure, type Panel } from "./plot.ts";

/** The paper's colours, and the words that go with them. */
export const EXCITED = "#d64545";
export const INHIBITED = "#2f7fd6";

/**
 * Three panels over the neurons, sorted by their mean on the class: mean and spread on the class, the same on the
 * rest, and what each neuron alone achieves.
 */
export function excitationFigure({ task, neurons }: Excitation, unit = "Neuron"): string {
  const points = neurons.map((neuron, place) => ({ ...neuron, place }));
  const top = points.reduce(
    (high, p) => Math.max(high, p.mean + p.deviation, p.restMean + p.restDeviation),
    0,
  );
  const lowest = points.reduce(
    (low, p) => Math.min(low, p.mean - p.deviation, p.restMean - p.restDeviation),
    0,
  );
  const name = task.replaceAll("_", " ");
  return drawFigure({
    description: `Neurons of ${name}: activations on its pictures and on the rest, accuracy of each neuron alone`,
    columns: 3,
    width: 300,
    height: 222,
    legend: [
      { label: "excited: higher on the class", colour: EXCITED },
      { label: "inhibited: lower", colour: INHIBITED },
    ],
    panels: [
      spread(name, points, { mean: "mean", deviation: "deviation", range: [lowest, top] }, unit),
      spread(
        "the rest",
        points,
        { mean: "restMean", deviation: "restDeviation", range: [lowest, top] },
        unit,
      ),
      accuracies(points, unit),
    ],
  });
}

type Place = NeuronProfile & { readonly place: number };

function spread(
  title: string,
  points: readonly Place[],
  {
    mean,
    deviation,
    range,
  }: { mean: "mean" | "restMean"; deviation: "deviation" | "restDeviation"; range: readonly number[] },
  unit: string,
): Panel {
  const sparse = thin(points, 512);
  return {
    title,
    options: {
      marginLeft: 40,
      marginBottom: 36,
      marginTop: 24,
      x: { domain: [0, points.length], label: `${unit}, by mean on the class`, ticks: 5 },
      y: { domain: range, label: "Activation", grid: true, ticks: 5 },
      marks: [
        Plot.areaY(sparse, {
          x: "place",
          y1: (p: Place) => p[mean] - p[deviation],
          y2: (p: Place) => p[mean] + p[deviation],
          fill: "currentColor",
          fillOpacity: 0.22,
        }),
        Plot.lineY(sparse, { x: "place", y: mean, stroke: EXCITED, strokeWidth: 1.4 }),
        Plot.ruleY([0], { strokeOpacity: 0.4 }),
      ],
    },
  };
}

function accuracies(points: readonly Place[], unit: string): Panel {
  const measured = points.filter(({ accuracy }) => accuracy !== null);
  return {
    title: "each neuron alone",
    options: {
      marginLeft: 44,
      marginBottom: 36,
      marginTop: 24,
      x: { domain: [0, points.length], label: `${unit}, by mean on the class`, ticks: 5 },
      y: {
        domain: [0.4, 1],
        label: "Balanced accuracy",
        grid: true,
        ticks: 6,
        tickFormat: (share: number) => formatPercent(share, { digits: 0 }),
      },
      marks: [
        Plot.ruleY([0.5], { strokeDasharray: "3 4", strokeOpacity: 0.6 }),
        Plot.dot(thin(measured, 700), {
          x: "place",
          y: (p: Place) => Math.max(0.4, p.accuracy!),
          r: 1.4,
          fill: (p: Place) => (p.excited ? EXCITED : INHIBITED),
          fillOpacity: 0.8,
        }),
      ],
    },
  };
}

/** Every so-manieth of many points: a screen shows no more. */
function thin<T>(points: readonly T[], most: number): T[] {
  const every = Math.max(1, Math.ceil(points.length / most));
  return points.filter((_, i) => i % every === 0);
}
