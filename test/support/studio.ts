/** The studio in Chromium, as several files of tests look at it. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from "vitest";
import type { Service, ServiceOptions } from "../../src/serve/service/index.ts";
import { type StudioOptions, studioApi } from "../../src/serve/studio-api/index.ts";
import { BROWSER, builtStudio, launch, nameless, seriousFaults, watch } from "./browser.ts";
import { STUDIO, startTestService } from "./service.ts";

export const PAGES = [
  "compare",
  "photos",
  "gallery",
  "occlude",
  "neurons",
  "map",
  "training",
  "paper",
] as const;

/** How every page is looked at: on a desk by light and by dark, and on a phone. */
const LOOKS = [
  ["light", 1280, "light"],
  ["dark", 1280, "dark"],
  ["phone", 390, "dark"],
] as const;

/**
 * What keeps people from using the page that `show` opens, in each look: wider than the window, a control without a name, a
 * serious fault that axe-core finds, and what `more` finds. With STUDIO_SHOTS, pictures are left there.
 */
export async function faultsOf(
  page: Page,
  id: string,
  { show, more }: { show: () => Promise<unknown>; more?: () => Promise<readonly string[]> },
): Promise<string[]> {
  const faults: string[] = [];
  for (const [look, width, colorScheme] of LOOKS) {
    await page.setViewportSize({ width, height: 844 });
    await page.emulateMedia({ colorScheme });
    await show();
    // Colours in the middle of a transition are nobody's choice.
    const settled = "Promise.allSettled(document.getAnimations().map(({ finished }) => finished))";
    await page.evaluate(`Promise.race([${settled}, new Promise((done) => setTimeout(done, 1000))])`);
    const wide = await page.evaluate<number>("document.documentElement.scrollWidth");
    const found = [
      ...(wide > width ? [`${wide} pixels wide`] : []),
      ...(await nameless(page)),
      ...(await seriousFaults(page)),
      ...((await more?.()) ?? []),
    ];
    faults.push(...found.map((fault) => `${id}, ${look}: ${fault}`));
    const shots = process.env.STUDIO_SHOTS;
    if (shots) await page.screenshot({ path: join(shots, `${id}-${look}.png`), fullPage: true });
  }
  return faults;
}

/** Waits until the page `id`, which is open, shows what it has to show. */
export async function shown(page: Page, id: (typeof PAGES)[number]): Promise<void> {
  if (id === "paper") {
    // The network of a page whose frames come and go is not always called idle.
    await page.getByRole("article", { name: "verification" }).getByRole("img").waitFor();
    return;
  }
  await page.waitForLoadState("networkidle");
  if (id === "compare") await page.getByText(/^(The|Probably the) same person$/).waitFor();
  if (id === "neurons") await page.getByRole("img", { name: /^person-0001 less/ }).waitFor();
  if (id === "occlude") await page.locator("canvas[aria-label^='Flipped by the cover']").waitFor();
  if (id === "gallery") await page.getByText("Looking who is known…").waitFor({ state: "detached" });
  if (id === "training") await page.locator(".page[aria-busy=false]").waitFor();
  if (id === "map") await page.getByRole("application").waitFor();
}

/** What such tests are called; they are skipped with this reason where there is no browser. */
export const NAME = BROWSER ? "the studio" : "the studio: there is no Chromium here; CHROMIUM may name one";

/** What is there from the first test on, and anew for each. */
interface StudioForTests {
  folder: string;
  service: Service;
  browser: Browser;
  page: Page;
  /** Foreign addresses asked, and complaints, as they come. */
  seen: ReturnType<typeof watch>;
}

/**
 * Serves the studio to the tests around, with what `prepare` has made in a new folder, as `serving` says, and gives each a page
 * of its own.
 * No page may ask another address, nor complain.
 */
export function studioForTests(
  prepare: (folder: string) => Promise<Partial<StudioOptions>>,
  serving: () => Promise<Partial<ServiceOptions>> = async () => ({}),
) {
  vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 }); // pages are built, a browser starts
  const studio = {} as StudioForTests;
  beforeAll(async () => {
    studio.folder = await mkdtemp(join(tmpdir(), "studio-"));
    const [options, pages] = await Promise.all([prepare(studio.folder), builtStudio()]);
    const extend = studioApi({ ...STUDIO, folder: pages, ...options });
    studio.service = await startTestService({ extend, ...(await serving()) });
    studio.browser = await launch();
  });
  afterAll(async () => {
    await studio.browser?.close();
    await studio.service?.close();
    await rm(studio.folder, { recursive: true });
  });
  beforeEach(async () => {
    studio.page = await studio.browser.newPage({ viewport: { width: 1280, height: 900 } });
    studio.page.setDefaultTimeout(120_000);
    studio.seen = watch(studio.page, studio.service.url);
  });
  afterEach(async () => {
    expect(studio.seen).toEqual({ foreign: [], complaints: [] });
    await studio.page.close();
  });
  return studio;
}

/** A face as the service says it has found it in a photo, whose picture is `crop`. */
export const locatedFace = (crop: Buffer, unfit: string | null = null, cutOff = 0) => ({
  box: { x: 0, y: 0, width: 9, height: 9 },
  landmarks: [],
  score: 1,
  eyeDistance: 30,
  cutOff,
  sharpness: 1,
  unfit,
  crop: crop.toString("base64"),
});
