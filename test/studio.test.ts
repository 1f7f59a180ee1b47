import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { encodePng } from "../src/faces/pictureFiles/index.ts";
import { createPopulation } from "../src/faces/synthetic/index.ts";
import type { Service } from "../src/serve/service/index.ts";
import { studioApi } from "../src/serve/studio-api/index.ts";
import { BROWSER, buildStudio, launch, nameless, watch } from "./support/browser.ts";
import { ROOT, STUDIO, startTestService, syntheticFace } from "./support/service.ts";

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 }); // pages are built, a browser starts
const PAGES = ["compare", "occlude", "gallery", "neurons", "training", "paper"] as const;
/** A folder to write pictures of all pages to, for the eyes of whoever changes them. */
const SHOTS = process.env.STUDIO_SHOTS;

/** Skipped with its reason where there is no browser. */
const name = BROWSER ? "the studio" : "the studio: there is no Chromium here; CHROMIUM may name one";

describe.skipIf(!BROWSER)(name, () => {
  let folder: string;
  let service: Service;
  let browser: Browser;
  let page: Page;
  let seen: ReturnType<typeof watch>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "studio-"));
    const [pages, run, paper] = ["pages", "run", "paper.html"].map((name) => join(folder, name));
    await buildStudio(pages);
    await mkdir(run);
    const metrics = (await readFile(join(ROOT, "results/whole-face-metrics.jsonl"), "utf8")).split("\n");
    await writeFile(join(run, "metrics.jsonl"), `${metrics.slice(0, 40).join("\n")}\n`);
    await writeFile(
      paper,
      "<!doctype html><title>t</title><h1>The tables</h1><script>document.querySelector('h1').textContent = 'ran'</script>",
    );
    service = await startTestService({ extend: studioApi({ ...STUDIO, folder: pages, run, paper }) });
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    await service?.close();
    await rm(folder, { recursive: true });
  });
  beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.setDefaultTimeout(120_000);
    seen = watch(page, service.url);
  });
  afterEach(async () => {
    expect(seen).toEqual({ foreign: [], complaints: [] });
    await page.close();
  });
  const open = async (id: (typeof PAGES)[number]) => {
    await page.goto(`${service.url}/#${id}`);
    await page.locator("main h1").waitFor();
  };
  /** The browser says that it did not run the paper's script: the one complaint that is wanted. */
  const forgiveScript = () => {
    seen.complaints = seen.complaints.filter(
      (text) => !/script.*(sandboxed|Content Security Policy)/is.test(text),
    );
  };
  const alert = () => page.getByRole("alert");
  const pngFile = async (face: string) => ({
    name: `${face}.png`,
    mimeType: "image/png",
    buffer: await syntheticFace(service, face),
  });
  const number = async (testId: string) =>
    Number.parseFloat(((await page.getByTestId(testId).textContent()) ?? "").replace("−", "-"));

  test("Compare: a first view of few bytes compares two faces; other photos, and the browser alone", async () => {
    const sizes: Promise<number>[] = []; // bodies may come after what they draw
    page.on("response", (response) => {
      const type = response.headers()["content-type"] ?? "";
      if (/html|javascript|css/.test(type)) sizes.push(response.body().then((body) => gzipSync(body).length));
    });
    await open("compare");
    await page.getByText(/^(The|Probably the) same person$/).waitFor();
    const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    expect(bytes).toBeGreaterThan(10_000);
    expect(bytes).toBeLessThan(150_000);
    const verdict = page.getByRole("region", { name: "Verdict" });
    const ofService = await verdict.locator("dl").textContent();
    await page.getByLabel("Run in the browser").check();
    await page.getByText("in this browser; nothing was sent").waitFor();
    expect(await verdict.locator("dl").textContent()).toBe(ofService);
    await page.getByLabel("Run in the browser").uncheck();

    await page.getByRole("button", { name: "Synthetic person" }).last().click();
    await page.getByRole("button", { name: "person-0003, picture 3" }).last().click();
    await page.getByText("Different people", { exact: true }).waitFor();
    const pattern = page.getByRole("img", { name: /^Both patterns/ });
    await pattern.focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await page.getByText(/^neuron 1: first \d/).waitFor();
  });

  test("Compare: what is no picture is told, and so is a service that is slow or gone", async () => {
    await open("compare");
    await page.getByText(/^(The|Probably the) same person$/).waitFor();
    const input = page.getByLabel("Second photo: choose a photo");
    await input.setInputFiles({
      name: "a.jpg",
      mimeType: "image/jpeg",
      buffer: Buffer.from("no picture at all"),
    });
    await alert()
      .getByText(/not a picture/)
      .waitFor();

    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route("**/studio/compare", async (route) => {
      await held;
      await route.continue();
    });
    await input.setInputFiles(await pngFile("person-0002_5"));
    await page.getByText("Comparing…").waitFor();
    release();
    await page.getByText(/^(The|Probably the) same person$/).waitFor();
    await page.unroute("**/studio/compare");

    await page.route("**/studio/compare", (route) => route.abort("connectionrefused"));
    await input.setInputFiles(await pngFile("person-0003_3"));
    await alert()
      .getByText(/does not answer/)
      .waitFor();
    await page.unroute("**/studio/compare");
    await alert().getByRole("button", { name: "Try again" }).click();
    await page.getByText("Different people", { exact: true }).waitFor();
  });

  test("Compare: of several faces in a photo one is chosen; the browser alone sends no photo", async () => {
    await open("compare");
    await page.getByText(/^(The|Probably the) same person$/).waitFor();
    const crops = await Promise.all(
      ["person-0003_3", "person-0004_1"].map((face) => syntheticFace(service, face)),
    );
    let sent = 0;
    await page.route("**/api/v1/locate", (route) => {
      sent++;
      const faces = crops.map((crop, k) => ({
        box: { x: 0, y: 0, width: 9, height: 9 },
        landmarks: [],
        score: 1,
        eyeDistance: 30,
        sharpness: 1,
        unfit: k === 1 ? "face-too-small" : null,
        crop: crop.toString("base64"),
      }));
      return route.fulfill({ json: { picture: { width: 90, height: 90 }, faces } });
    });
    const photo = { name: "two.jpg", mimeType: "image/jpeg", buffer: Buffer.from("stands for a photo") };
    const input = page.getByLabel("Second photo: choose a photo");
    await input.setInputFiles(photo);
    const dialog = page.getByRole("dialog", { name: "Which face?" });
    expect(await dialog.getByRole("button", { name: "Face 2, face too small" }).isDisabled()).toBe(true);
    await dialog.getByRole("button", { name: "None of them" }).click();
    await page.getByText(/^(The|Probably the) same person$/).waitFor(); // nothing has changed
    await input.setInputFiles(photo);
    await dialog.getByRole("button", { name: "Face 1", exact: true }).click();
    await page.getByText("Different people", { exact: true }).waitFor();
    expect(sent).toBe(2);
    await page.getByLabel("Run in the browser").check();
    await input.setInputFiles(photo);
    await alert()
      .getByText(/not a picture that this browser can read/)
      .waitFor();
    const [{ image }] = createPopulation({ people: 1, picturesPerPerson: 1, seed: 7 });
    await input.setInputFiles({
      name: "whole.png",
      mimeType: "image/png",
      buffer: Buffer.from(await encodePng(image)),
    });
    await page.getByRole("img", { name: "Second photo: whole.png, aligned" }).waitFor();
    await page.getByText("in this browser; nothing was sent").waitFor();
    expect(sent).toBe(2);
  });

  test("Occlude: score, pattern and bits follow a block that keys move, and paint", async () => {
    await open("occlude");
    const face = page.locator(".stage canvas");
    await page.getByTestId("score").waitFor();
    const before = await number("score");
    await face.focus();
    for (let k = 0; k < 4; k++) await page.keyboard.press("Shift+ArrowDown");
    await expect.poll(() => number("score")).not.toBe(before);
    await expect.poll(() => number("flipped")).toBeGreaterThan(0);
    await page.getByRole("button", { name: "Brush" }).click();
    const box = (await face.boundingBox())!;
    await page.mouse.move(box.x + 60, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width - 60, box.y + box.height / 2, { steps: 8 });
    await page.mouse.up();
    await expect.poll(() => number("flipped")).toBeGreaterThan(20);
    await page.getByRole("button", { name: "Clear paint" }).click();
    await expect.poll(() => number("flipped")).toBe(0);
  });

  test("Gallery: people are enrolled, found, corrected, merged and erased", async () => {
    await open("gallery");
    await page.getByText("Nobody yet").waitFor();
    await page.getByLabel("Who is it?").fill("Ann");
    await page
      .getByLabel("Photos to enrol")
      .setInputFiles([
        await pngFile("person-0002_2"),
        { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("no picture") },
      ]);
    await page.getByText("2 of 2 photos").waitFor();
    await alert()
      .or(page.locator(".problem"))
      .getByText(/notes\.txt: .*not a picture/)
      .first()
      .waitFor();
    await page.getByRole("button", { name: "Ann 1 face" }).waitFor();
    await page.getByLabel("Who is it?").fill("Bea");
    await page.getByLabel("Photos to enrol").setInputFiles([await pngFile("person-0003_3")]);
    await page.getByRole("button", { name: "Bea 1 face" }).waitFor();

    await page.getByLabel("Who is this?: choose a photo").setInputFiles(await pngFile("person-0002_5"));
    const answer = page.getByRole("region", { name: "Answer" });
    await answer.locator(".answer", { hasText: "Ann" }).waitFor();
    await page.getByLabel("It is").fill("Cleo"); // says who corrects
    await page.getByRole("button", { name: "Correct: keep this face" }).click();
    await page.getByRole("button", { name: "Cleo 1 face" }).click();
    await page.getByLabel("The same as").selectOption("Ann");
    await page.getByRole("button", { name: "Merge" }).click();
    await page.getByRole("button", { name: "Yes" }).click();
    await page.getByRole("button", { name: "Ann 2 faces" }).waitFor();
    await page.getByRole("button", { name: "Erase Ann" }).click();
    await page.getByRole("button", { name: "Yes" }).click();
    await page
      .getByRole("region", { name: "Receipt" })
      .getByText(/^Ann: 2 faces, 2 codes/)
      .waitFor();
    expect(await page.getByRole("button", { name: /^Ann/ }).count()).toBe(0);
  });

  test("Neurons: all are measured, one is looked at, and a person is held against the rest", async () => {
    await open("neurons");
    await page.getByRole("heading", { name: /^Neuron \d/ }).waitFor();
    await page.getByLabel("Strongest first").selectOption({
      label: (await page.getByLabel("Strongest first").locator("option").nth(3).textContent()) ?? "",
    });
    await page.getByRole("img", { name: /^Histogram/ }).waitFor();
    expect(await page.getByText(/^(?:excitatory|inhibitory)$/).count()).toBeGreaterThan(0);
    await page.getByLabel("Person", { exact: true }).selectOption("person-0005");
    await page.getByRole("img", { name: /^person-0005 less everybody else/ }).waitFor();
  });

  test("Training: curves of a run grow while it runs", async () => {
    await open("training");
    await page.getByRole("definition").filter({ hasText: /^800$/ }).waitFor();
    await page
      .getByRole("img", { name: /^Training curves/ })
      .or(page.locator(".chart svg"))
      .first()
      .waitFor();
    const lines = (await readFile(join(ROOT, "results/whole-face-metrics.jsonl"), "utf8")).split("\n");
    await appendFile(join(folder, "run/metrics.jsonl"), `${lines[40]}\n`);
    await page.getByRole("definition").filter({ hasText: /^820$/ }).waitFor();
  });

  test("Paper: every claim beside ours with its figure; a page of one's own, whose scripts are not run", async () => {
    await open("paper");
    const first = page.getByRole("article", { name: "verification" });
    await first
      .getByRole("row", { name: /all nets/ })
      .getByText("99.47 ± 0.12 %")
      .waitFor();
    const figure = first.getByRole("img");
    await figure.waitFor();
    await expect
      .poll(() => figure.evaluate((image) => (image as { naturalWidth?: number }).naturalWidth))
      .toBeGreaterThan(100);
    const frame = page.frameLocator("iframe");
    await frame.getByText("The tables").waitFor();
    expect(await frame.locator("h1").textContent()).toBe("The tables");
    forgiveScript();
  });

  test("every page has names for its controls and fits a phone, light and dark", async () => {
    for (const [name, width, colorScheme] of [
      ["light", 1280, "light"],
      ["dark", 1280, "dark"],
      ["phone", 390, "dark"],
    ] as const) {
      await page.setViewportSize({ width, height: 844 });
      await page.emulateMedia({ colorScheme });
      for (const id of PAGES) {
        await open(id);
        await page.waitForLoadState("networkidle");
        if (id === "neurons") await page.getByRole("img", { name: /^person-0001 less/ }).waitFor();
        expect(
          await page.evaluate("document.documentElement.scrollWidth"),
          `${id} at ${width}`,
        ).toBeLessThanOrEqual(width);
        expect(await nameless(page), id).toEqual([]);
        if (SHOTS) await page.screenshot({ path: join(SHOTS, `${id}-${name}.png`), fullPage: true });
        forgiveScript();
      }
    }
  });
});
