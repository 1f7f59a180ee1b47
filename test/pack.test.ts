/** What a user gets: the package as npm packs it, in an empty project, with npm's default settings. */
import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encodePng } from "../src/faces/pictureFiles/index.ts";
import { createPopulation } from "../src/faces/synthetic/index.ts";
import { newFolder } from "./support/miniature.ts";
import { command, noRegistry, npm } from "./support/npm.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const TSC = join(ROOT, "node_modules", "typescript", "bin", "tsc");
const MEGABYTE = 1e6;

describe.skipIf(noRegistry !== "")(`packed and installed${noRegistry && ` (skipped: ${noRegistry})`}`, () => {
  let folder: string;
  let project: string;
  let archive: string;
  let installed: { readonly stdout: string; readonly stderr: string };
  beforeAll(async () => {
    folder = await newFolder();
    project = join(folder, "project");
    await mkdir(project);
    await npm(ROOT, "run", "build");
    const { stdout } = await npm(ROOT, "pack", "--json", "--pack-destination", folder);
    archive = join(folder, JSON.parse(stdout)[0].filename);
    await writeFile(join(project, "package.json"), '{ "name": "mine", "version": "1.0.0" }\n');
    installed = await npm(project, "install", "--prefer-offline", "--no-audit", "--no-fund", archive);
    const people = createPopulation({ people: 1, picturesPerPerson: 2, seed: 9 });
    for (const i of [0, 1])
      await writeFile(join(project, `${i}.png`), await encodePng(people.picture(0, i).image));
  }, 600_000);
  afterAll(() => rm(folder, { recursive: true }));

  const run = (program: string, ...args: string[]) => command(project, program, args);

  test("is 10 MB at most, and installs without a complaint about Node or scripts that failed", async () => {
    expect((await stat(archive)).size).toBeLessThan(10 * MEGABYTE);
    expect(installed.stderr).not.toMatch(/EBADENGINE|deprecated|ERR!/);
  });

  test("its types are those of a strict program", async () => {
    await writeFile(
      join(project, "typed.mts"),
      `import { openRecognizer, type PairVerdict } from "deepid2plus";
       import { createClient } from "deepid2plus/client";
       const recognizer = await openRecognizer();
       const answer = await recognizer.verify("0.png", "1.png");
       const verdict: PairVerdict["verdict"] | undefined = answer.ok ? answer.verdict : undefined;
       console.log(verdict, typeof createClient);`,
    );
    await command(project, process.execPath, [
      TSC,
      ...["--strict", "--noEmit", "--target", "es2022", "--module", "nodenext", "--types", "node"],
      ...["--typeRoots", join(ROOT, "node_modules", "@types"), "typed.mts"],
    ]);
  });

  test.each([
    ["program.mjs", 'import { openRecognizer } from "deepid2plus";'],
    ["program.cjs", 'const { openRecognizer } = require("deepid2plus");'],
  ])("verifies two photos from %s", async (file, head) => {
    await writeFile(
      join(project, file),
      `${head}
       (async () => {
         const recognizer = await openRecognizer();
         console.log((await recognizer.verify("0.png", "1.png")).verdict);
         await recognizer.release();
       })();`,
    );
    const { stdout, stderr } = await run(process.execPath, file);
    expect({ stdout, stderr }).toEqual({ stdout: "same\n", stderr: "" });
  });

  test("its command line verifies two photos, and finds the studio's pages", async () => {
    const { stdout } = await run("npx", "deepid", "verify", "0.png", "1.png", "--json");
    expect(JSON.parse(stdout)).toMatchObject({ verdict: "same" });
    const page = join(project, "node_modules", "deepid2plus", "dist", "studio", "index.html");
    expect(await readFile(page, "utf8")).toContain("<script");
  });
});
