/**
 * `npx tsx scripts/studioPictures.ts [FOLDER] [PAGE...]`: makes the pictures of docs/studio.md, or those of these pages, from the
 * running studio (default folder: docs/studio). Everybody on them is synthetic. It needs Chromium; CHROMIUM names one that is not in
 * its usual place. The Work page needs PostgreSQL on this machine, as its tests do.
 */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import sharp from "sharp";
import { writeFileAtomic } from "../src/base/files/index.ts";
import { openWorkQueue } from "../src/people/work/index.ts";
import { studioApi } from "../src/serve/studio-api/index.ts";
import { buildStudio, launch } from "../test/support/browser.ts";
import { startPostgres } from "../test/support/postgres.ts";
import { STUDIO, startTestService, syntheticFace } from "../test/support/service.ts";

const [folder = "docs/studio", ...wanted] = process.argv.slice(2);
const VIEW = { width: 1180, height: 820 };
const QUALITY = 82;

const pages = await mkdtemp(join(tmpdir(), "studio-"));
await buildStudio(pages);
const service = await startTestService({ extend: studioApi({ ...STUDIO, folder: pages }) });
const browser = await launch();

const PICTURES = 16;

/** A service whose queue has work: half of it done, one picture of no use, the rest waiting. */
async function startWorking() {
  const postgres = await startPostgres();
  const extend = studioApi({ ...STUDIO, folder: pages });
  const { url, close } = await startTestService({ extend, gallery: postgres.url() });
  const queue = await openWorkQueue(postgres.url());
  for (const [images, jobs] of [
    ["/archive/2019.zip", 6],
    ["/photos/holiday", 3],
  ] as const) {
    const batch = { id: images, pictures: jobs * PICTURES };
    const names = (k: number) => Array.from({ length: PICTURES }, (_, i) => `person-${10 + k}/${i}`);
    await queue.add(Array.from({ length: jobs }, (_, k) => ({ images, batch, pictures: names(k) })));
  }
  for (let k = 0; k < 4; k++) {
    const { id, job } = (await queue.take())!;
    const [picture] = (job as { readonly pictures: readonly string[] }).pictures;
    const passedOver = k === 1 ? [{ file: `${picture}.jpg`, reason: "no face was found" }] : [];
    await queue.done(id, { added: PICTURES - passedOver.length, passedOver });
  }
  return {
    url,
    async close() {
      await close();
      await queue.close();
      await postgres.stop();
    },
  };
}

const file = async (face: string) => ({
  name: `${face}.png`,
  mimeType: "image/png",
  buffer: await syntheticFace(service, face),
});

/** What is done on a page before its picture is taken, by the page's name. */
const SCENES: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
  compare: (page) => page.getByText(/^For one person speaks most/).waitFor(),
  async gallery(page) {
    for (const [name, face] of Object.entries({
      Ann: "person-0001_2",
      Ben: "person-0005_2",
      Cleo: "person-0009_1",
    })) {
      await page.getByLabel("Who is it?").fill(name);
      await page.getByLabel("Photos to enrol").setInputFiles([await file(face)]);
      await page.getByRole("button", { name: `${name} 1 face` }).waitFor();
    }
    await page.getByLabel("Who is this?: choose a photo").setInputFiles(await file("person-0001_4"));
    await page.getByRole("region", { name: "Answer" }).waitFor();
  },
  async photos(page) {
    const faces = ["person-0001_3", "person-0009_3", "person-0005_4", "person-0002_2", "person-0002_5"];
    await page.getByLabel("Photos", { exact: true }).setInputFiles(await Promise.all(faces.map(file)));
    await page.getByText(/^5 faces on 5 photos/).waitFor();
    await page.getByRole("region", { name: "Unknown people" }).waitFor();
  },
  occlude: (page) => page.getByText(/^The answer (?:holds|turns)/).waitFor(),
  async neurons(page) {
    await page.getByRole("img", { name: /^Histogram/ }).waitFor();
    await page.getByRole("img", { name: /^person-0001 less/ }).waitFor();
  },
  async map(page) {
    await page.getByRole("application", { name: /^Map of 96 faces/ }).waitFor();
    await page.locator("svg image").nth(95).waitFor();
  },
  training: (page) => page.getByRole("img", { name: "Training curves", exact: true }).waitFor(),
  work: (page) => page.getByRole("article", { name: /^Import of .archive/ }).waitFor(),
  paper: (page) => page.getByRole("article").first().getByRole("img").waitFor(),
};

let working: Awaited<ReturnType<typeof startWorking>> | undefined;
try {
  await mkdir(folder, { recursive: true });
  const page = await browser.newPage({ viewport: VIEW, colorScheme: "light" });
  page.setDefaultTimeout(120_000);
  for (const [name, prepare] of Object.entries(SCENES)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    if (name === "work") working = await startWorking();
    const { url } = working && name === "work" ? working : service;
    await page.goto(`${url}/#${name}`);
    await page.locator("main h1").waitFor();
    await prepare(page);
    await page.waitForLoadState("networkidle");
    await page.waitForSelector(".waiting:not(.state)", { state: "detached" }); // faces are drawn when they are first looked at
    await page.evaluate("scrollTo(0, 0)");
    const bytes = await sharp(await page.screenshot())
      .webp({ quality: QUALITY })
      .toBuffer();
    await writeFileAtomic(join(folder, `${name}.webp`), [bytes]);
    console.log(`${name}.webp: ${Math.round(bytes.length / 1_000)} kB`);
  }
} finally {
  await browser.close();
  await service.close();
  await working?.close();
  await rm(pages, { recursive: true });
}
