/** Documents say what results/ and layers.mjs say. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { withGenerated } from "../scripts/documents/generated.ts";
import { DOCUMENTS, documents } from "../scripts/documents/index.ts";

test("what is generated in every document is up to date (npm run docs writes it)", async () => {
  for (const { path, now, generated } of await documents()) expect(now, path).toBe(generated);
});

test("the documents that show results are written from them", async () => {
  const marked = DOCUMENTS.filter((path) => readFileSync(path, "utf8").includes("<!-- gen:"));
  expect(marked).toEqual(
    expect.arrayContaining(["README.md", "ARCHITECTURE.md", "docs/paper.md", "docs/studies.md"]),
  );
});

/** Headline numbers of results/ as text; each of them stands between marks wherever it stands. */
test("the headline numbers of the readme and of docs/paper.md stand nowhere by hand", async () => {
  const numbers = ["one-net", "all-nets", "lbp", "all-nets-bits", "all-nets-hamming", "one-net-bits"];
  for (const path of ["README.md", "docs/paper.md"]) {
    const text = readFileSync(path, "utf8");
    const values = [...text.matchAll(/<!-- gen:([\w-]+) -->([^\n<]+)<!-- \/gen -->/g)]
      .filter(([, name]) => numbers.includes(name))
      .map(([, , value]) => value);
    const byHand = text.replaceAll(/<!-- gen:[\s\S]*?<!-- \/gen -->/g, "");
    for (const value of values) expect(byHand, `${path}: ${value}`).not.toContain(value.split(" ")[0]);
  }
});

test("links between documents lead somewhere", () => {
  const broken = DOCUMENTS.flatMap((path) =>
    [...readFileSync(path, "utf8").matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)]
      .map(([, link]) => link)
      .filter((link) => !existsSync(join(dirname(path), link)))
      .map((link) => `${path}: ${link}`),
  );
  expect(broken).toEqual([]);
});

test("a mark that nothing generates, and one that is not closed, are refused", () => {
  expect(withGenerated("a <!-- gen:x -->1<!-- /gen --> b", "a", { x: () => "2" })).toBe(
    "a <!-- gen:x -->2<!-- /gen --> b",
  );
  expect(() => withGenerated("<!-- gen:y -->1<!-- /gen -->", "a", {})).toThrow("nothing generates y");
  expect(() => withGenerated("<!-- gen:x -->1", "a", { x: () => "2" })).toThrow("opened");
});
