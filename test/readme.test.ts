import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readmeWithResults } from "../scripts/readmeTable.ts";
import { studiesWithResults } from "../scripts/studiesTable.ts";

test("the README's table says what results/ says (npm run readme writes it)", () => {
  const readme = readFileSync("README.md", "utf8");
  const read = (path: string) => (existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined);
  expect(readme).toBe(readmeWithResults(readme, read));
});

test("docs/studies.md says what results/ says", () => {
  const text = readFileSync("docs/studies.md", "utf8");
  const read = (path: string) => (existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined);
  expect(text).toBe(studiesWithResults(text, read));
});
