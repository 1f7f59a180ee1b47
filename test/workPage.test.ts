/** The studio's page of the queue, in Chromium, beside a gallery in PostgreSQL. */
import type { Page } from "playwright-core";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { openWorkQueue, type WorkQueue } from "../src/people/work/index.ts";
import { createStudioClient } from "../src/serve/studio-api/index.ts";
import { BROWSER, focusables, reachedByTab } from "./support/browser.ts";
import { noPostgres, startPostgres, type TestServer } from "./support/postgres.ts";
import { startTestService } from "./support/service.ts";
import { faultsOf, NAME, studioForTests } from "./support/studio.ts";

const PICTURES = 16;
const skipped = noPostgres && ` (skipped: ${noPostgres})`;

describe.skipIf(!BROWSER || Boolean(noPostgres))(`${NAME}: work${skipped}`, () => {
  let server: TestServer;
  let queue: WorkQueue | undefined;
  let page: Page;
  const studio = studioForTests(
    async () => ({}),
    async () => {
      server = await startPostgres();
      return { gallery: server.url() };
    },
  );
  beforeEach(() => {
    ({ page } = studio);
  });
  afterAll(async () => {
    await queue?.close();
    await server?.stop();
  });
  const open = async (id: string) => {
    await page.goto(`${studio.service.url}/#${id}`);
    await page.locator("main h1").waitFor();
  };
  const link = () => page.getByRole("link", { name: "Work", exact: true });
  const add = async (images: string, jobs: number) => {
    queue ??= await openWorkQueue(server.url());
    const batch = { id: images, pictures: jobs * PICTURES };
    const names = (k: number) => Array.from({ length: PICTURES }, (_, i) => `person ${k}/${i}`);
    await queue.add(Array.from({ length: jobs }, (_, k) => ({ images, batch, pictures: names(k) })));
  };
  /** Does the next job; so many of its pictures are of no use. */
  const doOne = async (useless: number) => {
    const { id, job } = (await queue!.take())!;
    const files = (job as { pictures: readonly string[] }).pictures.slice(0, useless);
    const reason = "no face was found: the picture is too dark, too small, or shows nobody";
    await queue!.done(id, {
      added: PICTURES - useless,
      passedOver: files.map((file) => ({ file: `${file}.jpg`, reason })),
    });
  };
  const card = (name: string) =>
    page
      .locator("dl > div")
      .filter({ has: page.getByRole("term").filter({ hasText: name }) })
      .getByRole("definition");

  test("where the gallery can have no queue, nothing is shown of one", async () => {
    const other = await startTestService();
    try {
      const client = createStudioClient(other.url);
      expect(await client.studio({})).toMatchObject({ work: false });
      expect(await client.work({})).toEqual({ queue: null });
      expect(await client.workFailures({})).toEqual({ failures: [], next: null });
    } finally {
      await other.close();
    }
  });

  test("no page leads to work before there is any, and the page says how there comes to be", async () => {
    await open("compare");
    await page.waitForLoadState("networkidle");
    expect(await link().count()).toBe(0);
    await open("work");
    await page.getByText("There is no queue here.").waitFor();
  });

  test("batches, rate and time left as the work goes on, without a reload", async () => {
    await add("/photos/holiday", 4);
    await add("/archives/people of the north and of the south, scanned in 1998.zip", 2);
    await open("compare");
    await link().click();
    const batch = page.getByRole("article", { name: "Import of /photos/holiday" });
    await batch.getByText("0 of 64 pictures").waitFor();
    expect(await card("Time left").textContent()).toBe("not known yet");
    await doOne(0);
    await batch.getByText("16 of 64 pictures").waitFor(); // by itself
    await expect.poll(() => card("Pictures to do").textContent()).toBe("80");
    expect(await card("Pictures a second").textContent()).toBe("0.3"); // 16 in the last minute
    expect(await card("Time left").textContent()).toBe("5 min");
    const bar = batch.getByRole("progressbar");
    expect(await bar.getAttribute("aria-valuenow")).toBe("25");
    await doOne(2);
    await batch.getByText("32 of 64 pictures, 2 of them skipped").waitFor();
    await page.getByRole("region", { name: "Failures" }).getByText("no face was found").first().waitFor();
  });

  test("failures are turned over page by page, by the keyboard too", async () => {
    await doOne(PICTURES);
    await doOne(PICTURES);
    await open("work");
    const failures = page.getByRole("region", { name: "Failures" });
    await failures.getByText("1 to 25 of 34").waitFor();
    expect(await failures.getByRole("listitem").count()).toBe(25);
    await failures.getByRole("button", { name: "Older" }).press("Enter");
    await failures.getByText("26 to 34 of 34").waitFor();
    expect(await failures.getByRole("listitem").count()).toBe(9);
    expect(await failures.getByRole("button", { name: "Older" }).isDisabled()).toBe(true);
    await failures.getByRole("button", { name: "Newer" }).press("Enter");
    await failures.getByText("1 to 25 of 34").waitFor();
  });

  test("a hidden page asks nothing; shown again it asks at once", async () => {
    await open("work");
    await page.getByRole("article").first().waitFor();
    const hide = (hidden: boolean) =>
      page.evaluate(`
        Object.defineProperty(document, "hidden", { configurable: true, get: () => ${hidden} });
        document.dispatchEvent(new Event("visibilitychange"))`);
    await page.clock.install();
    await page.reload();
    await page.getByRole("article").first().waitFor();
    await page.waitForLoadState("networkidle");
    let asked = 0;
    page.on("request", (request) => {
      if (request.url().endsWith("/studio/work")) asked++;
    });
    await page.clock.fastForward(3_500);
    await expect.poll(() => asked).toBe(1);
    await page.waitForLoadState("networkidle");
    await hide(true);
    await page.clock.fastForward(60_000);
    expect(asked).toBe(1);
    await hide(false);
    await expect.poll(() => asked).toBe(2);
  });

  test("the page fits a phone, light and dark, has names for its controls, and the keyboard reaches them", async () => {
    const show = async () => {
      await open("work");
      await page.getByRole("region", { name: "Failures" }).getByRole("listitem").nth(24).waitFor();
    };
    const more = async () => {
      const reached = await reachedByTab(page);
      const missed = (await focusables(page)).filter((control) => !reached.includes(control));
      return missed.map((control) => `Tab never comes to ${control}`);
    };
    expect(await faultsOf(page, "work", { show, more })).toEqual([]);
  });

  test("a database that does not answer is said to be away, and nothing of where it is", async () => {
    await open("work");
    await page.getByRole("article").first().waitFor();
    await server.kill();
    const alert = page.getByRole("alert").first();
    await alert.getByText("The queue cannot be read now.").waitFor();
    const answer = await fetch(`${studio.service.url}/api/v1/studio/work`);
    expect(answer.status).toBe(503);
    expect(await answer.text()).not.toContain("127.0.0.1");
    await server.restart();
    await alert.waitFor({ state: "detached" }); // by itself
    await page.getByRole("article").first().waitFor();
  });
});
