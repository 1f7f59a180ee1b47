/** What a user gets: the package as npm packs it, in an empty project, with npm's default settings. */
import { cp, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encodePng } from "../src/faces/pictureFiles/index.ts";
import { createPopulation } from "../src/faces/synthetic/index.ts";
import { newFolder } from "./support/miniature.ts";
import { command, noRegistry, npm, TSC } from "./support/npm.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
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
    const pack = ["run", "--silent", "pack", "--", "--json", "--pack-destination", folder];
    const { stdout } = await npm(ROOT, ...pack);
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

  test("the six programs of examples/library and one of its types compile as strict ones, and run", async () => {
    const programs = join(project, "library");
    await cp(join(ROOT, "examples", "library"), programs, { recursive: true });
    await writeFile(
      join(programs, "typed.ts"),
      `import { openRecognizer, type PairVerdict } from "deepid2plus";
       import { createClient } from "deepid2plus/client";
       await using recognizer = await openRecognizer();
       const answer = await recognizer.verify("0.png", "1.png");
       const verdict: PairVerdict["verdict"] | undefined = answer.ok ? answer.verdict : undefined;
       console.log(verdict, typeof createClient);`,
    );
    await command(programs, process.execPath, [TSC, "--typeRoots", join(ROOT, "node_modules", "@types")]);
    const people = createPopulation({ people: 8, picturesPerPerson: 3, seed: 3 });
    for (const { identity, index, image } of people) {
      const folder = join(project, "people", `person-${identity}`);
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, `${index}.png`), await encodePng(image));
    }
    const net = { maps: [4, 4, 4, 4], neurons: 16 };
    const config = { net, steps: 4, pairs: 4, split: { matching: 3, validation: 2 }, margin: { pairs: 8 } };
    await writeFile(join(project, "tiny.json"), JSON.stringify(config));
    const program = async (name: string, ...args: string[]) =>
      (await run(process.execPath, join("library", "dist", `${name}.js`), ...args)).stdout;
    const photo = join("people", "person-0", "0.png");
    for (const name of ["verify", "register", "identify", "cluster", "extract", "train"]) {
      const usage = expect.stringMatching(`^usage: node dist/${name}\\.js `);
      await expect(program(name)).rejects.toMatchObject({ code: 2, stderr: usage });
    }
    expect(await program("verify", "0.png", "1.png")).toMatch(/^same: These are the same person/);
    expect(await program("register", "people", "people.db")).toMatch(/^[78] people, 2\d faces\n$/);
    expect(await program("identify", "people.db", photo)).toBe("person-0\n");
    expect((await program("cluster", "people")).split("\n")[0].split(" ").length).toBeGreaterThan(2);
    expect(await program("extract", "people")).toMatch(/^2\d pictures of [78] people, 1024 numbers each\n$/);
    expect(await program("train", "people", "mine", "tiny.json")).toMatch(
      /^mine is right for \d+\.\d % of pairs of people it has not seen,\nwhole-face-taught for \d+\.\d %\n$/,
    );
  }, 300_000); // seven programs, four of which find the faces of 24 photos

  test("its command line verifies two photos, and finds the studio's pages", async () => {
    const { stdout } = await run("npx", "deepid", "verify", "0.png", "1.png", "--json");
    expect(JSON.parse(stdout)).toMatchObject({ verdict: "same" });
    const refused = await run("npx", "deepid", "verify", "0.png", "1.png", "--model", "regions").catch(
      (e) => e,
    );
    expect(refused.stderr).toMatch(
      /regions: there is no such model here \(in a clone, npm pack -w models\/regions makes a package/,
    );
    const page = join(project, "node_modules", "deepid2plus", "dist", "studio", "index.html");
    expect(await readFile(page, "utf8")).toContain("<script");
  });
});
