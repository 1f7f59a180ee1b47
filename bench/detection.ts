/**
 * How well the default detector finds faces: LFW's View 1 and drawn people, upright and turned, and composed groups by size.
 * Run: npx tsx bench/detection.ts lfw/ --data DATA [--out results/detection.json]
 *
 * `lfw/` is LFW unpacked; DATA holds pairsDevTest.txt and landmarks_5pt.txt. What the file at --out says of an earlier detector is
 * kept.
 */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { DETECTOR_FOLDER, openDefaultLocator } from "../src/faces/detectors/index.ts";
import { measureDetection } from "./detectionMeasure.ts";
import { keep } from "./keep.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: "string" },
    portraits: { type: "string", default: "120" },
    out: { type: "string" },
  },
});
const [folder] = positionals;
if (!folder || !values.data) throw new Error("needed: a folder with LFW, and --data");

const card = JSON.parse(await readFile(join(DETECTOR_FOLDER, "detector.json"), "utf8"));
const locator = openDefaultLocator();
const measured = await measureDetection(locator, folder, values.data, Number(values.portraits));
await locator.release();
const before =
  values.out && existsSync(values.out) ? JSON.parse(await readFile(values.out, "utf8")).before : null;
const body = { detector: { name: locator.name, files: card.files }, ...measured, before };
console.log(JSON.stringify(body, null, 2));
await keep(
  values.out,
  {
    kind: "detection",
    command: `npx tsx bench/detection.ts lfw/ --data DATA --portraits ${values.portraits} --out results/detection.json`,
    data: "LFW View 1 (pairsDevTest.txt), landmarks by MTCNN; drawn people; composed groups of 12 megapixels",
  },
  body,
);
