/** What the demo leaves beside its run and its model: report.html and demo.json. */
import { join } from "node:path";
import { writeFileAtomic, writingTo } from "../../../base/files/index.ts";
import { columns, count, formatPercent } from "../../../base/text/index.ts";
import { demoReport } from "./report.ts";
import type { DemoResult } from "./run.ts";

/** Writes the report of the demo in `folder`; what it says as plain data and in words, with the command that measures its model again. */
export async function writeDemo(folder: string, result: DemoResult) {
  const [report, model] = [join(folder, "report.html"), join(folder, "model")];
  const again = `deepid evaluate verification --model ${model} --images ${join(folder, "faces")} --pairs ${join(folder, "pairs.txt")}`;
  const html = await demoReport(result, nextSteps(model, again));
  const { scores, seconds, plan, options } = result;
  const data = { accuracy: scores[0].accuracy, report, model, people: plan.test, scores, seconds };
  const json = `${JSON.stringify({ ...data, ...options }, null, 2)}\n`;
  await writingTo(folder, async () => {
    await writeFileAtomic(report, html);
    await writeFileAtomic(join(folder, "demo.json"), json);
  });
  return { data, text: demoText(result, report, model, again) };
}

function demoText({ plan, scores }: DemoResult, report: string, model: string, again: string): string {
  const each = scores.map((score) => `${score.metric} ${formatPercent(score.accuracy.mean)}`).join(", ");
  return columns([
    [
      "accuracy",
      `${formatPercent(scores[0].accuracy.mean)} of ${count(scores[0].pairs)} pairs of ${plan.test} unseen people (${each}; guessing 50 %)`,
    ],
    ["report", report],
    ["model", model],
    ["test it again", again],
  ]);
}

const nextSteps = (model: string, again: string) => [
  ["measure the model again, by the command for any set in LFW's layout", again],
  ["see what the model is", `deepid inspect ${model}`],
  ["train for longer, on more people", "deepid demo --people 600 --steps 3000 --out runs/longer"],
  ["train on your own people, one folder each", "deepid train --help"],
];
