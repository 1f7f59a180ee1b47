/** ROC figures: how many pairs of one person are recognised, for each rate of strangers taken for one person. */
import * as Plot from "@observablehq/plot";
import { InputError } from "../../base/errors/index.ts";
import { drawFigure, type LegendItem, seriesStyle } from "./plot.ts";

export interface RocCurve {
  readonly name: string;
  readonly falsePositiveRate: readonly number[]; // rising, 0 to 1
  readonly truePositiveRate: readonly number[]; // as many, rising, 0 to 1
  readonly auc?: number;
}

export interface RocOptions {
  /** "log" shows the few false alarms that a real threshold allows. */
  readonly scale?: "linear" | "log";
  /** Where a logarithmic axis begins: no lower than one false alarm among the pairs that were compared. */
  readonly lowest?: number;
}

export const ROC_DEFAULTS = { scale: "linear", lowest: 1e-3 } as const satisfies RocOptions;

const FINEST = 0.002; // of an axis: points nearer than this are one

interface RocPoint {
  readonly rate: number;
  readonly recognised: number;
}

/** One SVG with all curves; on the linear axis the diagonal is guessing. */
export function rocFigure(curves: readonly RocCurve[], options: RocOptions = {}): string {
  const { scale, lowest } = { ...ROC_DEFAULTS, ...options };
  if (!(lowest > 0 && lowest < 1)) throw new InputError(`rocFigure: lowest must be in (0, 1), got ${lowest}`);
  const log = scale === "log";
  const lines = curves.map((curve) => pointsOf(curve, log ? lowest : 0));
  const legend: LegendItem[] = curves.map(({ name, auc }, k) => ({
    label: auc === undefined ? name : `${name} (AUC ${auc.toFixed(4)})`,
    ...seriesStyle(k),
  }));
  const marks = lines.map((points, k) => {
    const { colour, dash } = seriesStyle(k);
    return Plot.line(points, {
      x: "rate",
      y: "recognised",
      stroke: colour,
      strokeWidth: 1.8,
      strokeDasharray: dash,
      curve: "step-after",
    });
  });
  const guess = log ? logarithmicDiagonal(lowest) : [0, 1].map((rate) => ({ rate, recognised: rate }));
  return drawFigure({
    description: `ROC curves of ${curves.map(({ name }) => name).join(", ")}`,
    legend,
    width: 460,
    height: 396,
    panels: [
      {
        options: {
          marginLeft: 48,
          marginBottom: 42,
          marginTop: 30,
          x: log
            ? {
                type: "log",
                domain: [lowest, 1],
                label: "False positive rate",
                tickFormat: (rate: number) => String(Number(rate.toPrecision(1))),
                ticks: decades(lowest),
              }
            : { domain: [0, 1], label: "False positive rate" },
          y: { domain: [0, 1], label: "True positive rate", grid: true },
          marks: [
            Plot.frame({ strokeOpacity: 0.25 }),
            Plot.line(guess, { x: "rate", y: "recognised", strokeOpacity: 0.35, strokeDasharray: "3 4" }),
            ...marks,
          ],
        },
      },
    ],
  });
}

/** The curve from `lowest` on, without points too close to tell apart. */
function pointsOf({ name, falsePositiveRate, truePositiveRate }: RocCurve, lowest: number): RocPoint[] {
  if (falsePositiveRate.length !== truePositiveRate.length || falsePositiveRate.length === 0) {
    throw new InputError(
      `rocFigure: curve ${name} needs as many true as false positive rates, got ${truePositiveRate.length} and ${falsePositiveRate.length}`,
    );
  }
  const place = (rate: number) => (lowest > 0 ? Math.log(rate / lowest) / -Math.log(lowest) : rate);
  let points: RocPoint[] = [];
  for (const [k, rate] of falsePositiveRate.entries()) {
    const recognised = truePositiveRate[k];
    if (!(rate >= 0 && rate <= 1 && recognised >= 0 && recognised <= 1)) {
      throw new InputError(
        `rocFigure: rates of curve ${name} must be in [0, 1], got ${rate} and ${recognised} at ${k}`,
      );
    }
    const point = { rate: Math.max(rate, lowest), recognised };
    const last = points.at(-1);
    if (rate <= lowest && lowest > 0)
      points = [point]; // the last one below the axis is where the curve enters
    else if (!last || k === falsePositiveRate.length - 1) points.push(point);
    else if (place(point.rate) - place(last.rate) > FINEST || recognised - last.recognised > FINEST)
      points.push(point);
  }
  return points;
}

function logarithmicDiagonal(lowest: number): RocPoint[] {
  return Array.from({ length: 41 }, (_, k) => lowest ** (1 - k / 40)).map((rate) => ({
    rate,
    recognised: rate,
  }));
}

function decades(lowest: number): number[] {
  const count = Math.floor(-Math.log10(lowest) + 1e-9);
  return Array.from({ length: count + 1 }, (_, k) => 10 ** (k - count));
}
