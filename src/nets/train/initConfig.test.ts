import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseTraining } from "./config.ts";
import { initialConfig, readConfig } from "./index.ts";

test.each(["my.json", "my.ts", "my.mjs"])(
  "%s is read outside the repository, and says what is so anyway",
  async (name) => {
    const path = join(await mkdtemp(join(tmpdir(), "config-")), name);
    await writeFile(path, initialConfig(path));
    expect(await readConfig(path)).toEqual(parseTraining({}, "nothing"));
  },
);

test("names every entry that has a default; other endings are refused", () => {
  const text = initialConfig("my.json");
  for (const entry of Object.keys(parseTraining({}, "nothing"))) expect(text).toContain(`\n  "${entry}": `);
  expect(() => initialConfig("my.yaml")).toThrow(/my\.yaml: a config is a \.json/);
});

test("comments of a .json config are no part of it, but what looks like one in a text is", async () => {
  const path = join(await mkdtemp(join(tmpdir(), "config-")), "my.json");
  await writeFile(path, '{ "steps": 9 // few\n}');
  expect((await readConfig(path)).steps).toBe(9);
  await writeFile(path, '{ "http://x": 1 }');
  await expect(readConfig(path)).rejects.toThrow("http://x");
});
