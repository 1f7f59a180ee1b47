/**
 * `npx tsx bench/studio.ts [--out results/studio.json]`: how fast the studio is, in Chromium. First view: kilobytes (gzip), and
 * milliseconds from the address to the first paint and to the first verdict, of a service just started. Brush to score: from the
 * pointer's event to the frame in which the new number stands; each stroke waits for the score of the one before. 200 photos,
 * each an aligned face: until all are looked at, the longest pause between two frames of the page meanwhile, and from Cancel
 * until the page says that it has stopped.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { machine } from "../src/lab/bench/index.ts";
import { releasedModel } from "../src/lab/results/index.ts";
import { studioApi } from "../src/serve/studio-api/index.ts";
import { buildStudio, launch } from "../test/support/browser.ts";
import { MODEL, STUDIO, startTestService, syntheticFace } from "../test/support/service.ts";
import { keep } from "./keep.ts";

const STROKES = 60;
const WARM_UP = 10;

/** Runs in the page: dots all over the face, one after the other, each timed; milliseconds. */
const PAINT = `(async () => {
  const score = document.querySelector("[data-testid=score]");
  const canvas = document.querySelector(".stage canvas");
  canvas.setPointerCapture = () => {}; // the pointer is no real one
  const { left, top, width, height } = canvas.getBoundingClientRect();
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const shown = () => new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      observer.disconnect();
      requestAnimationFrame(() => resolve(true));
    });
    observer.observe(score, { childList: true, characterData: true, subtree: true });
  });
  const times = [];
  let unchanged = 0; // a stroke may leave the score as it is written
  for (let k = 0; k < ${STROKES}; k++) {
    await pause(100);
    const [x, y] = [0.25 + (0.5 * (k % 8)) / 7, 0.25 + (0.5 * Math.floor(k / 8)) / 7];
    const at = { clientX: left + x * width, clientY: top + y * height, buttons: 1, pointerId: 1, bubbles: true };
    const answered = shown();
    const started = performance.now();
    canvas.dispatchEvent(new PointerEvent("pointerdown", at));
    if (await Promise.race([answered, pause(2_000)])) times.push(performance.now() - started);
    else if (++unchanged > 5) throw new Error(unchanged + " strokes changed nothing");
    canvas.dispatchEvent(new PointerEvent("pointerup", { ...at, buttons: 0 }));
  }
  return times;
})()`;

const PHOTOS = 200;

/** Runs in the page: the longest pause between two frames, from now until it is called again. */
const WATCH_FRAMES = `(() => {
  const seen = { last: performance.now(), longest: 0, stopped: false };
  const look = () => {
    const now = performance.now();
    seen.longest = Math.max(seen.longest, now - seen.last);
    seen.last = now;
    if (!seen.stopped) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  window.framesSeen = () => { seen.stopped = true; return seen.longest; };
})()`;

async function dropMany(
  page: Page,
  url: string,
  { service, folder }: { service: { url: string }; folder: string },
) {
  const faces = ["person-0001_2", "person-0005_2", "person-0009_1", "person-0012_4"];
  const pictures = await Promise.all(faces.map((face) => syntheticFace(service, face)));
  // Files on disk, as people have them: bytes that the driver hands over are decoded in the page, which is a pause of its own.
  const files = Array.from({ length: PHOTOS }, (_, k) => join(folder, `${k}.png`));
  for (const [k, file] of files.entries()) await writeFile(file, pictures[k % pictures.length]);
  await page.goto(`${url}/#photos`);
  await page.locator("main h1").waitFor();
  const drop = () => page.getByLabel("Photos", { exact: true }).setInputFiles(files);
  await page.evaluate(WATCH_FRAMES);
  const begun = performance.now();
  await drop();
  await page.getByText(`${PHOTOS} of ${PHOTOS} photos`).waitFor();
  const seconds = Number(((performance.now() - begun) / 1_000).toFixed(1));
  const longestPauseMs = Math.round(await page.evaluate<number>("framesSeen()"));
  await page.getByRole("button", { name: "Clear" }).click();
  await drop();
  await page.getByText(/^\d+ of 200 photos/).waitFor();
  const told = performance.now();
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Continue" }).waitFor();
  return { photos: PHOTOS, seconds, longestPauseMs, cancelMs: Math.round(performance.now() - told) };
}

const { values } = parseArgs({ options: { out: { type: "string" } } });
const pages = await mkdtemp(join(tmpdir(), "studio-"));
const photos = await mkdtemp(join(tmpdir(), "photos-"));
await buildStudio(pages);
const service = await startTestService({ extend: studioApi({ ...STUDIO, folder: pages }) });
const browser = await launch();
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const sizes: Promise<number>[] = [];
  page.on("response", (response) => {
    const type = response.headers()["content-type"] ?? "";
    if (/html|javascript|css/.test(type)) sizes.push(response.body().then((body) => gzipSync(body).length));
  });
  const begun = performance.now();
  await page.goto(`${service.url}/#compare`);
  await page.getByText(/^(The|Probably the) same person$/).waitFor();
  const verdictMs = Math.round(performance.now() - begun);
  const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  const paint: number = await page.evaluate(
    "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN",
  );
  const firstView = { kilobytes: Math.round(bytes / 1_000), firstPaintMs: Math.round(paint), verdictMs };
  await page.goto(`${service.url}/#occlude`);
  await page.getByTestId("score").waitFor();
  await page.getByRole("button", { name: "Brush" }).click();
  const milliseconds: number[] = await page.evaluate(PAINT);
  const sorted = milliseconds.slice(WARM_UP).sort((a, b) => a - b);
  const at = (share: number) => Number(sorted[Math.floor(share * (sorted.length - 1))].toFixed(1));
  const brushToScoreMs = { median: at(0.5), p95: at(0.95), most: at(1) };
  const manyPhotos = await dropMany(page, service.url, { service, folder: photos });
  const body = { machine: machine(), firstView, strokes: sorted.length, brushToScoreMs, manyPhotos };
  console.log(JSON.stringify(body));
  const command = "npx tsx bench/studio.ts --out results/studio.json";
  const data = "synthetic people, Chromium and service on one machine";
  await keep(values.out, { kind: "speed", command, data, model: await releasedModel(MODEL) }, body);
} finally {
  await browser.close();
  await service.close();
  for (const folder of [pages, photos]) await rm(folder, { recursive: true });
}
