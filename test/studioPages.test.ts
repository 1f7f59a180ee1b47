/** The studio's map, its training runs, and all of its pages by the keyboard alone, in Chromium. */
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { beforeEach, describe, expect, test } from "vitest";
import { encodePng } from "../src/faces/pictureFiles/index.ts";
import { createPopulation } from "../src/faces/synthetic/index.ts";
import { NARROW } from "../src/nets/net/index.ts";
import type { Service } from "../src/serve/service/index.ts";
import { BROWSER, focusables, reachedByTab } from "./support/browser.ts";
import { startTestService, syntheticFace } from "./support/service.ts";
import { locatedFace, NAME, PAGES, shown, studioForTests } from "./support/studio.ts";

/** A net that learns six people in a moment. */
const CONFIG = {
  net: { ...NARROW, maps: [4, 4, 4, 4], neurons: 8, taps: [3, 4] },
  split: { matching: 0, validation: 0 },
  pairs: 3,
  margin: { pairs: 20, every: 2 },
  augmentation: { shift: 1 },
  checkpointSeconds: 1,
};

async function folderOfPeople(folder: string): Promise<string> {
  let k = 0;
  for (const { image } of createPopulation({ people: 6, picturesPerPerson: 3, seed: 11 })) {
    const person = join(folder, `person ${Math.floor(k / 3)}`);
    await mkdir(person, { recursive: true });
    await writeFile(join(person, `${k++ % 3}.png`), await encodePng(image));
  }
  return folder;
}

describe.skipIf(!BROWSER)(NAME, () => {
  let people: string;
  const studio = studioForTests(async (folder) => {
    people = await folderOfPeople(join(folder, "people"));
    return { runs: join(folder, "runs") };
  });
  let page: Page;
  let service: Service;
  beforeEach(() => {
    ({ page, service } = studio);
  });
  const open = async (id: string) => {
    await page.goto(`${service.url}/#${id}`);
    await page.locator("main h1").waitFor();
  };
  /** Puts a synthetic face into the gallery, without a thumbnail. */
  const enrol = async (face: string) => {
    const form = new FormData();
    form.set("image", new Blob([new Uint8Array(await syntheticFace(service, face))]), "face.png");
    form.set("aligned", "true");
    const url = `${service.url}/api/v1/people/${face.slice(0, 11)}/faces`;
    const response = await fetch(url, { method: "POST", body: form });
    expect(response.ok, await response.text()).toBe(true);
  };

  test("Map: walked by keys, by pointer and along neighbours; laid out two ways; of the gallery, too", async () => {
    await open("map");
    const map = page.getByRole("application", { name: /^Map of 96 faces/ });
    await map.waitFor();
    const looked = page.getByRole("region", { name: "The face looked at" });
    const who = () => looked.getByLabel("Go to").locator("option:checked").textContent();
    const first = await who();
    await map.focus();
    const walked = new Set([first]);
    for (const key of ["ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown"]) {
      await page.keyboard.press(key);
      walked.add(await who());
    }
    expect(walked.size).toBeGreaterThan(1); // the last key may lead back to the first face
    const box = () => map.getAttribute("viewBox");
    const whole = await box();
    await page.keyboard.press("+");
    await page.keyboard.press("Shift+ArrowRight");
    expect(await box()).not.toBe(whole);
    await page.keyboard.press("0");
    expect(await box()).toBe(whole);
    await page.getByRole("button", { name: "Larger" }).click();
    await page.getByText(/^1\.5-fold/).waitFor();
    const place = (await map.boundingBox())!;
    await page.mouse.move(place.x + 300, place.y + 300);
    await page.mouse.wheel(0, -300);
    await page.getByText(/^1\.8-fold/).waitFor();
    const before = await box();
    await page.mouse.down();
    await page.mouse.move(place.x + 200, place.y + 250, { steps: 3 });
    await page.mouse.up();
    expect(await box()).not.toBe(before);
    const neighbour = looked.getByRole("listitem").getByRole("button").first();
    const next = ((await neighbour.getAttribute("aria-label")) ?? "").split(",")[0];
    await neighbour.click();
    await expect.poll(who).toBe(next);
    await page.getByLabel("laid out by").selectOption({ label: "most variance (PCA)" });
    await page.getByText(/The plane shows \d\d % of all variance/).waitFor();
    await page.getByLabel("Faces of").selectOption({ label: "the gallery" });
    await page.getByText(/at least four faces, and the gallery holds 0 faces/).waitFor();
    for (const face of [1, 2, 3, 4, 5].map((k) => `person-0001_${k}`)) await enrol(face);
    await page.getByLabel("laid out by").selectOption({ label: "neighbours (UMAP)" });
    await page.getByRole("application", { name: /^Map of 5 faces/ }).waitFor();
    await looked.getByRole("img", { name: /person-0001, face \d+, no picture kept/ }).waitFor(); // drawn, and no 404
  });

  test("Training: runs are started, stopped and resumed from the page, and seen side by side", async () => {
    await open("training");
    let form = page.getByRole("form", { name: "A new run" });
    const line = (run: string) =>
      page.getByRole("region", { name: "Runs" }).getByRole("listitem", { name: run });
    const start = async (run: string, steps: number, from = people) => {
      await form.getByLabel(/^Folder of people/).fill(from);
      await form.getByLabel("Name of the run").fill(run);
      await form.getByLabel("Steps").fill(String(steps));
      await form.getByRole("button", { name: "Start" }).click();
    };
    await form.getByLabel("Begin with the weights").uncheck();
    await form.getByText("Config, as JSON").click();
    let config = form.getByRole("textbox", { name: "Config, as JSON" });
    await config.fill('{ "pairs": ');
    await start("long", 100_000, "/nowhere");
    await form.getByText(/config: no JSON/).waitFor();
    await config.fill(JSON.stringify(CONFIG));
    await start("long", 100_000, "/nowhere");
    await form.getByText(/people: \/nowhere: there is no such folder/).waitFor();
    await start("long", 100_000);
    await line("long").getByText("running").waitFor();
    await line("long")
      .getByText(/^step [1-9]/)
      .waitFor();
    expect(await form.getByRole("button", { name: "Start" }).isDisabled()).toBe(true); // one at a time
    await page.close(); // it goes on
    page = await studio.browser.newPage();
    page.setDefaultTimeout(90_000);
    await open("training");
    form = page.getByRole("form", { name: "A new run" });
    config = form.getByRole("textbox", { name: "Config, as JSON" });
    await page
      .getByRole("region", { name: "Run long" })
      .getByRole("definition")
      .filter({ hasText: /^[\d,]+ of 100,000$/ })
      .waitFor();
    await line("long").getByRole("button", { name: "Stop long" }).click();
    await line("long").getByText("stopped").waitFor();
    const step = async () =>
      Number(/step ([\d,]+)/.exec((await line("long").textContent()) ?? "")![1].replace(",", ""));
    const stoppedAt = await step();
    expect(existsSync(join(studio.folder, "runs/long/checkpoint.safetensors"))).toBe(true);
    await line("long").getByRole("button", { name: "Resume long" }).click();
    await line("long").getByText("running").waitFor();
    await expect.poll(step, { timeout: 60_000 }).toBeGreaterThan(stoppedAt);
    await line("long").getByRole("button", { name: "Stop long" }).click();
    await line("long").getByText("stopped").waitFor();
    await form.getByLabel("Begin with the weights").uncheck();
    await form.getByText("Config, as JSON").click();
    await config.fill(JSON.stringify(CONFIG));
    await start("short", 6);
    await line("short").getByText("finished").waitFor();
    await line("long").getByLabel("Show").check();
    await expect.poll(() => page.getByRole("img", { name: "Training curves", exact: true }).count()).toBe(2); // side by side
  });

  test("Training: who has no right starts nothing, and no page of another site does", async () => {
    const body = JSON.stringify({ run: "mine", people });
    const ask = (url: string, headers: Record<string, string>) =>
      fetch(`${url}/api/v1/studio/runs`, {
        method: "POST",
        body,
        headers: { "content-type": "application/json", ...headers },
      });
    expect((await ask(service.url, { origin: "https://elsewhere.example" })).status).toBe(403);
    const other = await startTestService(); // without a folder for runs
    const refused = await ask(other.url, {});
    expect([refused.status, await refused.json()]).toEqual([
      403,
      expect.objectContaining({ detail: expect.stringMatching(/--runs/) }),
    ]);
    await other.close();
    expect(existsSync(join(studio.folder, "runs/mine"))).toBe(false);
    for (const run of ["../out", "a/b", ""]) {
      const { status } = await fetch(`${service.url}/api/v1/studio/runs`, {
        method: "POST",
        body: JSON.stringify({ run, people }),
        headers: { "content-type": "application/json" },
      });
      expect(status).toBe(400);
    }
  });

  test("every page: the keyboard alone reaches every control, in both widths", async () => {
    const faults: string[] = [];
    for (const [width, ids] of [
      [1280, PAGES],
      [390, ["compare", "gallery", "map", "training"]],
    ] as const) {
      await page.setViewportSize({ width, height: 900 });
      for (const id of ids) {
        await open(id);
        await shown(page, id);
        const reached = await reachedByTab(page);
        const missed = (await focusables(page)).filter((control) => !reached.includes(control));
        faults.push(...missed.map((control) => `${id}, ${width}: Tab never comes to ${control}`));
      }
    }
    expect(faults).toEqual([]);
  });

  test("without a mouse: from page to page, a photo chosen, a person erased and undone, a dialog that keeps and returns the focus", async () => {
    await enrol("person-0003_1");
    await open("compare");
    await page.getByText(/^(The|Probably the) same person$/).waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter"); // skip to the page
    expect(await page.evaluate("document.activeElement.id")).toBe("main");
    await page.getByRole("link", { name: "Gallery" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Gallery" }).waitFor();
    expect(await page.evaluate("document.activeElement.id")).toBe("main"); // the page that was opened
    await page.getByRole("button", { name: /^person-0003/ }).press("Enter");
    await page.getByRole("button", { name: "Erase person-0003" }).press("Enter");
    await page.getByRole("button", { name: "Undo" }).press("Enter");
    await page.getByRole("button", { name: /^person-0003/ }).waitFor();

    await open("compare");
    await page.getByText(/^(The|Probably the) same person$/).waitFor();
    const crops = await Promise.all(
      ["person-0002_2", "person-0004_1"].map((face) => syntheticFace(service, face)),
    );
    await page.route("**/api/v1/locate", (route) =>
      route.fulfill({
        json: {
          picture: { width: 90, height: 90 },
          faces: crops.map((crop) => locatedFace(crop)),
        },
      }),
    );
    const button = page
      .getByRole("region", { name: "Second photo", exact: true })
      .getByRole("button", { name: "Choose a photo", exact: true });
    const chooser = page.waitForEvent("filechooser");
    await button.press("Enter");
    await (await chooser).setFiles({
      name: "two.jpg",
      mimeType: "image/jpeg",
      buffer: Buffer.from("a photo"),
    });
    const dialog = page.getByRole("dialog", { name: "Which face?" });
    await dialog.waitFor();
    for (let k = 0; k < 8; k++) {
      await page.keyboard.press("Tab");
      const inside =
        "document.activeElement === document.body || document.querySelector('dialog[open]').contains(document.activeElement)";
      expect(await page.evaluate(inside)).toBe(true); // the browser's own controls come between
    }
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    expect(await page.evaluate("document.activeElement.textContent.trim()")).toBe("Choose a photo");
  });

  test("every page says that a service is slow, and that it is gone", async () => {
    const faults: string[] = [];
    for (const id of PAGES) {
      const tab = await studio.browser.newPage();
      const waiting: (() => void)[] = [];
      await tab.route("**/api/v1/**", async (route) => {
        await new Promise<void>((resolve) => waiting.push(resolve));
        await route.abort("connectionrefused").catch(() => {}); // the page may be closed
      });
      await tab.goto(`${service.url}/#${id}`);
      await tab.locator("main h1").waitFor();
      const waits = tab
        .locator("[role=status]")
        .filter({ hasText: /\S/ })
        .or(tab.locator(".waiting"))
        .first();
      if (!["photos"].includes(id))
        await waits.waitFor({ timeout: 10_000 }).catch(() => faults.push(`${id}: slow, and nothing says so`));
      await expect.poll(() => waiting.length).toBeGreaterThan(0);
      const release = setInterval(() => waiting.splice(0).map((go) => go()), 50);
      await tab
        .getByText(/does not answer/)
        .first()
        .waitFor({ timeout: 20_000 })
        .catch(() => faults.push(`${id}: gone, and nothing says so`));
      clearInterval(release);
      await tab.close();
    }
    expect(faults).toEqual([]);
  });
});
