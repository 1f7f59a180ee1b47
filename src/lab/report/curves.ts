/** Training curves: one picture of how a run went, as small multiples over the steps. */

import * as Plot from "@observablehq/plot";
import { InputError } from "../../base/errors/index.ts";
import { formatPercent } from "../../base/text/index.ts";
import { drawFigure, type Panel, seriesStyle } from "./plot.ts";

/** The part of a training metric that is drawn; arrays have one entry for each tap. */
export interface CurveMetric {
  readonly step: number;
  readonly tapLosses: {
    readonly id: readonly number[];
    readonly ve: readonly number[];
    /** With a teacher. */
    readonly taught?: readonly number[];
  };
  readonly margins: readonly number[];
  /** Verification of people that were never trained on. */
  readonly heldOut?: { readonly accuracy: number };
}

export interface CurveOptions {
  /** Names of the taps, in the order of the metric's arrays; FC-1 and so on where missing. */
  readonly taps?: readonly string[];
}

interface Sample {
  readonly step: number;
  readonly value: number;
}

const MANY = 80; // measurements; more are drawn smoothed, over a pale line of the single ones

/** Losses and margin of each tap, and the accuracy on held-out people. Where a teacher teaches alone there is no identification. */
export function trainingCurves(metrics: readonly CurveMetric[], options: CurveOptions = {}): string {
  if (metrics.length === 0) throw new InputError("trainingCurves: needs at least one metric, got none");
  const count = metrics[0].margins.length;
  const taps = options.taps ?? Array.from({ length: count }, (_, k) => `FC-${k + 1}`);
  if (taps.length !== count)
    throw new InputError(`trainingCurves: needs ${count} tap names, got ${taps.length}`);
  const last = metrics[metrics.length - 1].step;
  const perTap = (title: string, pick: (metric: CurveMetric) => readonly number[]): Panel =>
    panel(
      title,
      last,
      taps.map((_, tap) => samples(metrics, (metric) => pick(metric)[tap])),
    );
  const taught = metrics.some(({ tapLosses }) => tapLosses.taught !== undefined);
  const identified = !taught || metrics.some(({ tapLosses }) => tapLosses.id.some((loss) => loss !== 0));
  const learned = [
    ...(identified ? [perTap("Identification loss", ({ tapLosses }) => tapLosses.id)] : []),
    ...(taught ? [perTap("Error against the teacher", ({ tapLosses }) => tapLosses.taught ?? [])] : []),
  ];
  return drawFigure({
    description: `Training curves over ${last} steps: ${learned.map(({ title }) => title!.toLowerCase()).join(", ")}, verification loss, margin and held-out accuracy`,
    columns: 2,
    width: 380,
    height: 230,
    legend: taps.map((label, k) => ({ label, ...seriesStyle(k) })),
    panels: [
      ...learned,
      perTap("Verification loss", ({ tapLosses }) => tapLosses.ve),
      perTap("Margin", ({ margins }) => margins),
      accuracyPanel(metrics, last),
    ],
  });
}

function samples(
  metrics: readonly CurveMetric[],
  pick: (metric: CurveMetric) => number | undefined,
): Sample[] {
  return metrics.flatMap((metric) => {
    const value = pick(metric);
    return value !== undefined && Number.isFinite(value) ? [{ step: metric.step, value }] : [];
  });
}

function panel(title: string, last: number, lines: readonly (readonly Sample[])[]): Panel {
  const k = Math.ceil(lines[0].length / 40);
  const drawn = lines.flatMap((line, index) => {
    const { colour, dash } = seriesStyle(index);
    const place = { x: "step", y: "value", stroke: colour } as const;
    const clear = { ...place, strokeWidth: 1.8, strokeDasharray: dash };
    if (line.length <= MANY) return [Plot.line(line, clear)];
    const smooth = Plot.windowY({ k, anchor: "middle", strict: false, ...clear });
    return [Plot.line(line, { ...place, strokeWidth: 1, strokeOpacity: 0.22 }), Plot.line(line, smooth)];
  });
  return {
    title,
    options: {
      ...axes(last),
      y: { label: null, grid: true, nice: true, ticks: 5, zero: true },
      marks: [Plot.ruleY([0], { strokeOpacity: 0.4 }), ...drawn],
    },
  };
}

function accuracyPanel(metrics: readonly CurveMetric[], last: number): Panel {
  const points = samples(metrics, ({ heldOut }) => heldOut?.accuracy);
  const title = "Held-out verification accuracy";
  if (points.length === 0) {
    const note = Plot.text(["not measured"], { frameAnchor: "middle", fillOpacity: 0.6 });
    return {
      title,
      options: {
        ...axes(last),
        y: { domain: [0.5, 1], label: null, tickFormat: percentTick },
        marks: [Plot.frame({ strokeOpacity: 0.2 }), note],
      },
    };
  }
  const best = points.reduce((a, b) => (b.value > a.value ? b : a));
  const colour = "currentColor";
  return {
    title,
    options: {
      ...axes(last),
      y: {
        domain: [Math.min(0.5, ...points.map(({ value }) => value)), 1],
        label: null,
        grid: true,
        tickFormat: percentTick,
        ticks: 5,
      },
      marks: [
        Plot.line(points, { x: "step", y: "value", stroke: colour, strokeWidth: 1.8 }),
        Plot.dot([best], { x: "step", y: "value", fill: colour, r: 3.5 }),
        Plot.text([best], {
          x: "step",
          y: "value",
          text: () => formatPercent(best.value),
          dy: -11,
          textAnchor: best.step > 0.8 * last ? "end" : "middle",
          fontWeight: 600,
        }),
      ],
    },
  };
}

const percentTick = (value: number) => formatPercent(value, { digits: 0 });

/** Thousands of steps are written "2k". */
const axes = (last: number): Plot.PlotOptions => ({
  marginLeft: 44,
  marginRight: 14,
  marginTop: 12,
  marginBottom: 38,
  x: {
    domain: [0, last],
    label: "Step",
    ticks: 5,
    tickFormat: (step: number) => (step >= 1000 ? `${Number((step / 1000).toFixed(1))}k` : String(step)),
  },
});
