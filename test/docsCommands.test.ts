/** The commands of the documents' pages, each run in an empty folder, as a reader begins. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test, vi } from "vitest";
import { Interruption } from "../src/base/errors/index.ts";
import { run } from "../src/cli/index.ts";
import { ROOT } from "./support/service.ts";

vi.setConfig({ testTimeout: 120_000 });

const PAGES = ["serve", "gallery", "photos"];
/** What runs where nothing is there yet; the rest needs photos, a gallery or a server, and says so. */
const RUNS = new Set([
  "deepid serve",
  "deepid key create --name shop --scope write --expires 2027-01-31",
  "deepid key list",
]);

const begun = process.cwd();
const folders: string[] = [];
afterAll(async () => {
  process.chdir(begun);
  for (const folder of folders) await rm(folder, { recursive: true });
});

/** The commands in the page's blocks of code, without comments; lines that end in a backslash go on. */
async function commandsOf(page: string): Promise<string[]> {
  const text = await readFile(join(ROOT, `docs/${page}.md`), "utf8");
  const blocks = [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```/gm)].flatMap(([, language, block]) =>
    ["", "sh", "console"].includes(language) ? [block] : [],
  );
  const lines = blocks.flatMap((block) => block.replaceAll("\\\n", " ").split("\n"));
  const commands = lines.flatMap((line) => /^(?:\$ )?(?:npx )?(deepid [^#]+)/.exec(line)?.[1].trim() ?? []);
  return commands.map((command) => command.replace(/ +/g, " "));
}

const words = (command: string): string[] =>
  [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, plain]) => double ?? single ?? plain,
  );

/** Runs a command in an empty folder; one that serves is stopped as soon as it says where. */
async function inEmptyFolder(command: string) {
  const folder = await mkdtemp(join(tmpdir(), "docs-"));
  folders.push(folder);
  process.chdir(folder);
  const said = { out: "", err: "" };
  const interrupt = new AbortController();
  const [, ...args] = words(command);
  if (args[0] === "serve") args.push("--port", "0"); // others may listen where the page says
  const code = await run(args, {
    out(text) {
      said.out += text;
      if (args[0] === "serve") interrupt.abort(new Interruption("seen enough"));
    },
    err(text) {
      said.err += text;
    },
    env: {},
    now: () => performance.now(),
    interrupt: interrupt.signal,
  });
  return { code: code === 130 ? 0 : code, ...said };
}

describe.each(PAGES)("docs/%s.md", async (page) => {
  const commands = (await commandsOf(page)).filter((command) => !/postgres:/.test(command)); // they need servers
  test.each(commands)("%s", async (command) => {
    const { code, out, err } = await inEmptyFolder(command);
    if (RUNS.has(command)) {
      expect(err).not.toMatch(/error:/);
      expect(code).toBe(0);
      expect(out).not.toBe("");
    } else {
      expect(err).toMatch(/error: /);
      expect(err).not.toMatch(/unknown (?:option|command)|too many arguments|missing required|bug:/);
      expect([2, 3]).toContain(code);
    }
  });
});

test("the pages have commands, those that are to run among them", async () => {
  const all = (await Promise.all(PAGES.map(commandsOf))).flat();
  for (const command of RUNS) expect(all).toContain(command);
  expect(all.length).toBeGreaterThan(20);
});
