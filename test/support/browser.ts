/** A browser for tests, where this machine has one; nothing is downloaded. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { build } from "vite";
import { madeOnce } from "./madeOnce.ts";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
/** The browser's program, or undefined. */
export const BROWSER = [process.env.CHROMIUM ?? "", ...PLACES].find(
  (path) => path !== "" && existsSync(path),
);

export const launch = (): Promise<Browser> =>
  chromium.launch({ executablePath: BROWSER, args: ["--no-sandbox", "--disable-gpu"] });

/** Builds the studio's pages into `outDir`. */
export async function buildStudio(outDir: string): Promise<void> {
  const configFile = fileURLToPath(new URL("../../studio/vite.config.ts", import.meta.url));
  await build({ configFile, logLevel: "error", build: { outDir } });
}

/** The folder of the studio's pages, which are built once for all tests. */
export const builtStudio = (): Promise<string> => madeOnce("studio-pages", buildStudio);

/** Requests of `page` to anywhere but `origin`, and what its console complains of, as they come. */
export function watch(page: Page, origin: string): { foreign: string[]; complaints: string[] } {
  const seen = { foreign: [] as string[], complaints: [] as string[] };
  page.on("request", (request) => {
    const { protocol, origin: asked } = new URL(request.url());
    if (!["data:", "blob:"].includes(protocol) && asked !== origin) seen.foreign.push(request.url());
  });
  page.on("pageerror", (error) => seen.complaints.push(error.message));
  page.on("console", (message) => {
    const expected = /Failed to load resource/.test(message.text()); // failures that a test brings about
    if (message.type() === "error" && !expected) seen.complaints.push(message.text());
  });
  return seen;
}

/** Controls of the page that a screen reader has no name for, from its own view of the page. */
export async function nameless(page: Page): Promise<string[]> {
  const lines = (await page.locator("body").ariaSnapshot()).split("\n");
  return lines.filter((line) =>
    /^\s*- (?:button|link|textbox|combobox|checkbox|slider|img)(?:\s*\[.*\])?:?$/.test(line),
  );
}

const axe = readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe-core finds on the page that keeps people out, serious or critical: the rule, and where. */
export async function seriousFaults(page: Page): Promise<string[]> {
  await page.evaluate(await axe);
  const { violations } = await page.evaluate<{
    violations: { id: string; impact: string; nodes: { html: string; any: { message: string }[] }[] }[];
  }>("axe.run(document, { resultTypes: ['violations'], iframes: false })");
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) =>
      nodes.map(({ html, any }) => `${id}: ${html.slice(0, 160)} ${any[0]?.message ?? ""}`),
    );
}

/** Runs in the page: what can be operated, each by a name of its own; of radio buttons of one group, one. */
const NAMED = `
  const nameOf = (element) => {
    window.walked ??= new Map();
    if (!window.walked.has(element)) window.walked.set(element, window.walked.size);
    const label = element.getAttribute("aria-label") ?? element.labels?.[0]?.textContent ?? element.textContent ?? "";
    return element.tagName.toLowerCase() + " " + window.walked.get(element) + " " + label.trim().replace(/\\s+/g, " ").slice(0, 60);
  };
  const CONTROLS = "a[href], button, input, select, textarea, summary, [tabindex='0']";
`;

/** The controls of the page that are shown and can be operated. */
export const focusables = (page: Page): Promise<string[]> =>
  page.evaluate(`(() => { ${NAMED}
    return [...document.querySelectorAll(CONTROLS)]
      .filter((element) => !element.disabled && element.checkVisibility({ visibilityProperty: true }) && element.tabIndex >= 0)
      .map(nameOf);
  })()`);

/** What the Tab key comes to, from the top of the page until it comes round. */
export async function reachedByTab(page: Page): Promise<string[]> {
  await page.evaluate("document.activeElement?.blur(); getSelection()?.removeAllRanges(); scrollTo(0, 0)");
  const reached: string[] = [];
  let misses = 0;
  while (misses < 3 && reached.length < MOST_CONTROLS) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate<string>(`(() => { ${NAMED}
      const element = document.activeElement;
      return element && element !== document.body ? nameOf(element) : "";
    })()`);
    if (at === "" || reached.includes(at)) misses++;
    else reached.push(at);
  }
  return reached;
}

const MOST_CONTROLS = 600;
