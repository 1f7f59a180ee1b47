/**
 * `npx tsx scripts/studioPictures.ts [FOLDER]`: makes the pictures of docs/studio.md from the running studio (default
 * folder: docs/studio). Everybody on them is synthetic. It needs Chromium; CHROMIUM names one that is not in its usual place.
 */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import sharp from "sharp";
import { writeFileAtomic } from "../src/base/files/index.ts";
import { studioApi } from "../src/serve/studio-api/index.ts";
import { buildStudio, launch } from "../test/support/browser.ts";
import { STUDIO, startTestService, syntheticFace } from "../test/support/service.ts";

const folder = process.argv[2] ?? "docs/studio";
const VIEW = { width: 1180, height: 820 };
const QUALITY = 82;

const pages = await mkdtemp(join(tmpdir(), "studio-"));
await buildStudio(pages);
const service = await startTestService({ extend: studioApi({ ...STUDIO, folder: pages }) });
const browser = await launch();

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
  paper: (page) => page.getByRole("article").first().getByRole("img").waitFor(),
};

try {
  await mkdir(folder, { recursive: true });
  const page = await browser.newPage({ viewport: VIEW, colorScheme: "light" });
  page.setDefaultTimeout(120_000);
  for (const [name, prepare] of Object.entries(SCENES)) {
    await page.goto(`${service.url}/#${name}`);
    await page.locator("main h1").waitFor();
    await prepare(page);
    await page.waitForLoadState("networkidle");
    await page.waitForSelector(".waiting", { state: "detached" }); // faces are drawn when they are first looked at
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
  await rm(pages, { recursive: true });
}
