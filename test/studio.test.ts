import { appendFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { beforeEach, describe, expect, test } from "vitest";
import { encodePng } from "../src/faces/pictureFiles/index.ts";
import { createPopulation } from "../src/faces/synthetic/index.ts";
import type { Service } from "../src/serve/service/index.ts";
import { studioApi } from "../src/serve/studio-api/index.ts";
import { BROWSER, builtStudio, watch } from "./support/browser.ts";
import { ROOT, STUDIO, startTestService, syntheticFace } from "./support/service.ts";
import { faultsOf, locatedFace, NAME, PAGES, shown, studioForTests } from "./support/studio.ts";

describe.skipIf(!BROWSER)(NAME, () => {
  const studio = studioForTests(async (folder) => {
    const [run, paper] = ["run", "paper.html"].map((name) => join(folder, name));
    await mkdir(run);
    const metrics = (await readFile(join(ROOT, "results/whole-face-metrics.jsonl"), "utf8")).split("\n");
    await writeFile(join(run, "metrics.jsonl"), `${metrics.slice(0, 40).join("\n")}\n`);
    await writeFile(
      paper,
      "<!doctype html><title>t</title><h1>The tables</h1><script>document.querySelector('h1').textContent = 'ran'</script>",
    );
    return { run, paper };
  });
  let page: Page;
  let service: Service;
  beforeEach(() => {
    ({ page, service } = studio);
  });
  const open = async (id: (typeof PAGES)[number]) => {
    await page.goto(`${service.url}/#${id}`);
    await page.locator("main h1").waitFor();
  };
  /** The browser says that it did not run the paper's script: the one complaint that is wanted. */
  const forgiveScript = () => {
    studio.seen.complaints = studio.seen.complaints.filter(
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
    await verdict.getByText(/^(1 in|Fewer than 1 in) .* pairs of strangers scores? this high/).waitFor();
    const threshold = verdict.getByRole("slider", { name: "Threshold" });
    await threshold.waitFor();
    const ofService = await verdict.textContent();
    await page
      .getByRole("region", { name: "Where they agree and differ" })
      .getByText(/^For one person speaks most: the/)
      .waitFor();
    await page.getByLabel("Found by").selectOption({ label: "gradients of the net" });
    await page.getByText("Following the gradients…").waitFor();
    await page.getByText(/^For one person speaks most: the/).waitFor();
    await page.getByLabel("Found by").selectOption({ label: "covering places" });
    expect(await page.getByRole("img", { name: /^Both patterns/ }).count()).toBe(0); // closed at first
    await page.getByLabel("Run in the browser").check();
    await page.getByText("in this browser; nothing was sent").waitFor();
    await threshold.waitFor();
    expect(await verdict.textContent()).toBe(ofService);
    await page.getByLabel("Run in the browser").uncheck();

    await page.getByRole("button", { name: "Synthetic person" }).last().click();
    await page.getByRole("button", { name: "person-0002, picture 2" }).last().click();
    await page.getByText("Different people", { exact: true }).waitFor();
    await page.getByText("The 512 neurons behind it").click();
    const pattern = page.getByRole("img", { name: /^Both patterns/ });
    await pattern.focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await page.getByText(/^neuron 1: first \d/).waitFor();
  });

  test("Compare: a threshold moves both error rates and the verdict", async () => {
    await open("compare");
    const verdict = page.getByRole("region", { name: "Verdict" });
    await verdict.getByRole("slider", { name: "Threshold" }).focus();
    const texts = () => verdict.getByRole("definition").allTextContents();
    const balanced = await texts();
    expect(balanced[0]).toMatch(/^1 in 3\d\d /); // at most 1 in 300 by its definition
    await verdict.getByRole("button", { name: "Strict" }).click();
    expect((await texts())[0]).toMatch(/^1 in 1,0\d\d /);
    await verdict.getByRole("slider", { name: "Threshold" }).focus();
    await page.keyboard.press("End"); // nobody is accepted any more
    await verdict.getByText("Different people", { exact: true }).waitFor();
    expect(await texts()).toEqual([
      "fewer than 1 in 20,000 (0.00 %)",
      expect.stringMatching(/^(?:9\.\d|10\.0) in 10 /),
    ]);
    await page.keyboard.press("Home");
    await verdict
      .getByText("The same person", { exact: true })
      .or(verdict.getByText("Probably the same person"))
      .waitFor();
    expect((await texts())[0]).toMatch(/^10\.0 in 10|^9\.\d in 10/);
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
    await input.setInputFiles(await pngFile("person-0001_4"));
    await page.getByText("Comparing…").waitFor();
    release();
    await page.getByText(/^(The|Probably the) same person$/).waitFor();
    await page.unroute("**/studio/compare");

    await page.route("**/studio/compare", (route) => route.abort("connectionrefused"));
    await input.setInputFiles(await pngFile("person-0002_2"));
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
      ["person-0002_2", "person-0004_1"].map((face) => syntheticFace(service, face)),
    );
    let sent = 0;
    await page.route("**/api/v1/locate", (route) => {
      sent++;
      const faces = crops.map((crop, k) => locatedFace(crop, k === 1 ? "face-too-small" : null, 0.12));
      return route.fulfill({ json: { picture: { width: 90, height: 90 }, faces } });
    });
    const photo = { name: "two.jpg", mimeType: "image/jpeg", buffer: Buffer.from("stands for a photo") };
    const input = page.getByLabel("Second photo: choose a photo");
    await input.setInputFiles(photo);
    const dialog = page.getByRole("dialog", { name: "Which face?" });
    expect(await dialog.getByRole("button", { name: "Face 2, face too small" }).isDisabled()).toBe(true);
    await page.evaluate("location.hash = 'training'");
    await page.getByRole("heading", { name: "Training" }).waitFor();
    expect(await dialog.count()).toBe(0); // it belongs to the page that was left
    await open("compare");
    await input.setInputFiles(photo);
    await dialog.getByRole("button", { name: "None of them" }).click();
    await page.getByText(/^(The|Probably the) same person$/).waitFor(); // nothing has changed
    await input.setInputFiles(photo);
    await dialog.getByRole("button", { name: "Face 1", exact: true }).click();
    await page.getByText("two.jpg, 12 % cut off", { exact: true }).waitFor();
    await page.getByText("Different people", { exact: true }).waitFor();
    expect(sent).toBe(3);
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
    expect(sent).toBe(3);
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
    const curve = page.getByRole("region", { name: "The score as the block grows" });
    await curve.getByText(/^The answer (?:holds at every size|turns at a block of \d\d? pixels)\./).waitFor();
    await curve.getByRole("img", { name: /^Score .* at 70 pixels$/ }).waitFor();
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
      .getByLabel("Photos to enroll")
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
    await page.getByLabel("Photos to enroll").setInputFiles([await pngFile("person-0003_3")]);
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
    await page.getByText(/^Ann, with every face, code and thumbnail, is erased in \d\d s/).waitFor();
    await expect.poll(() => page.getByRole("button", { name: /^Ann/ }).count()).toBe(0);
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("button", { name: "Ann 2 faces" }).click(); // nothing was erased
    await page
      .getByRole("img", { name: /^Face \d+ of Ann$/ })
      .first()
      .waitFor();
    await page.getByRole("button", { name: "Erase Ann" }).click();
    await page.getByRole("button", { name: "Erase now" }).click();
    await page
      .getByRole("region", { name: "Receipt" })
      .getByText(/^Ann: 2 faces, 2 codes/)
      .waitFor();
    await expect.poll(() => page.getByRole("button", { name: /^Ann/ }).count()).toBe(0);
    await page.reload();
    await page.getByText("Receipts kept: 1").click(); // without the name
    await page.getByText(/^Person \d+: 2 faces, 2 codes/).waitFor();
    await page.getByRole("link", { name: "Save receipt 1" }).waitFor();
  });

  test("Photos: many are looked at, unknown people grouped and named once, nothing kept until somebody says so", async () => {
    const known = async () => {
      const answer = await fetch(`${service.url}/api/v1/people`);
      return ((await answer.json()) as { people: { name: string }[] }).people;
    };
    for (const { name } of await known()) {
      await fetch(`${service.url}/api/v1/people/${name}`, { method: "DELETE" }); // whom drawn people resemble
    }
    await open("photos");
    const faces = ["person-0002_2", "person-0002_5", "person-0010_1", "person-0010_2"];
    const files = await Promise.all(faces.map(pngFile));
    const broken = { name: "broken.png", mimeType: "image/png", buffer: Buffer.from("no picture") };
    await page.getByLabel("Photos", { exact: true }).setInputFiles([...files, broken]);
    await page.getByText("5 of 5 photos").waitFor();
    await page
      .getByRole("article", { name: "broken.png" })
      .getByText(/not a picture/)
      .waitFor();
    const groups = page.getByRole("region", { name: "Unknown people" });
    await groups.getByText("2 faces").first().waitFor();
    await expect.poll(() => groups.getByText("2 faces").count(), { timeout: 60_000 }).toBe(2);
    const first = page.getByRole("article", { name: "person-0002_2.png" });
    await first.getByRole("button", { name: /^Face 1: Unknown \d/ }).waitFor();
    await groups.getByLabel("Name of group 1").fill("Dora");
    await page.getByRole("button", { name: "Face 1: Dora" }).first().waitFor(); // typed once, on both
    expect(await page.getByRole("button", { name: "Face 1: Dora" }).count()).toBe(2);
    expect((await known()).map(({ name }) => name)).not.toContain("Dora");
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save as CSV" }).click();
    const csv = await readFile(await (await download).path(), "utf8");
    expect(csv.split("\r\n")).toHaveLength(6); // a head, four faces, the end
    expect(csv).toMatch(/^person-000\d_\d\.png,1,0,0,88,104,Dora,different,$/m);
    const pictures = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save pictures with boxes" }).click();
    expect((await pictures).suggestedFilename()).toBe("photos-with-faces.zip");
    await groups.getByRole("button", { name: "Keep in the gallery" }).first().click();
    await page.getByText("2 faces of Dora kept in the gallery.").waitFor();
    expect(await known()).toContainEqual({ id: expect.any(Number), name: "Dora", faces: 2 });
    await page.getByRole("button", { name: "Clear" }).click();
    await page.getByLabel("Photos", { exact: true }).setInputFiles(files.slice(0, 1));
    await page.getByRole("button", { name: "Face 1: Dora" }).waitFor(); // known from now on
  });

  test("Photos: of two hundred the page stays usable, and stops when it is told to", async () => {
    await open("photos");
    const { buffer } = await pngFile("person-0010_1");
    const slow: (() => void)[] = [];
    await page.route("**/studio/photo", async (route) => {
      await new Promise<void>((resolve) => slow.push(resolve));
      await route.continue().catch(() => {}); // cancelled meanwhile
    });
    const files = Array.from({ length: 200 }, (_, k) => ({
      name: `${k}.png`,
      mimeType: "image/png",
      buffer,
    }));
    await page.getByLabel("Photos", { exact: true }).setInputFiles(files);
    await page.getByText("0 of 200 photos").waitFor();
    await expect.poll(() => slow.length).toBe(2); // not all at once
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("button", { name: "Continue" }).waitFor();
    for (const release of slow.splice(0)) release();
    await page.unroute("**/studio/photo");
    expect(await page.getByRole("article").count()).toBe(60); // the rest when asked for
    await page.getByRole("button", { name: "Clear" }).click();
    expect(await page.getByRole("article").count()).toBe(0);
  });

  test("Neurons: all are measured, one is looked at, and a person is held against the rest", async () => {
    await open("neurons");
    await page.getByRole("heading", { name: /^Neuron \d/ }).waitFor();
    await page.getByRole("button", { name: "excitatory" }).first().focus(); // a word of the paper
    await page
      .getByRole("tooltip")
      .getByText(/^Fires more for this person/)
      .waitFor();
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
    await appendFile(join(studio.folder, "run/metrics.jsonl"), `${lines[40]}\n`);
    await page.getByRole("definition").filter({ hasText: /^820$/ }).waitFor();
  });

  test("Training: without a run the page shows how the released net came about", async () => {
    const other = await startTestService({ extend: studioApi({ ...STUDIO, folder: await builtStudio() }) });
    try {
      studio.seen = watch(page, other.url);
      await page.goto(`${other.url}/#training`);
      await page.getByText("How the model whole-face-taught came about.").waitFor();
      await page
        .getByRole("definition")
        .filter({ hasText: /^82,738$/ })
        .waitFor(); // pictures, by its card
      await page.getByRole("img", { name: "Training curves", exact: true }).waitFor();
    } finally {
      await other.close();
    }
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

  test("every page has names for its controls and fits a phone, light and dark; axe-core finds nothing serious", async () => {
    const faults: string[] = [];
    for (const id of PAGES) {
      const show = async () => {
        await open(id);
        await shown(page, id);
        forgiveScript();
      };
      faults.push(...(await faultsOf(page, id, { show })));
    }
    forgiveScript();
    expect(faults).toEqual([]);
  });
});
