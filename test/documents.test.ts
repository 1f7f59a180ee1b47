/** Documents say what results/ and layers.mjs say. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { withGenerated } from "../scripts/documents/generated.ts";
import { DOCUMENTS, documents } from "../scripts/documents/index.ts";
import { TABLE_1, TABLE_4 } from "../src/lab/paper/index.ts";
import { readResults } from "../src/lab/results/index.ts";

test("what is generated in every document is up to date (npm run docs writes it)", async () => {
  for (const { path, now, generated } of await documents()) expect(now, path).toBe(generated);
});

test("the documents that show results are written from them", async () => {
  const marked = DOCUMENTS.filter((path) => readFileSync(path, "utf8").includes("<!-- gen:"));
  expect(marked).toEqual(
    expect.arrayContaining(["README.md", "ARCHITECTURE.md", "docs/paper.md", "docs/studies.md"]),
  );
});

/** Every mean that results/ give with its error or deviation, in percent with two digits: "94.67". */
function measured(): Set<string> {
  const found = new Set<string>();
  const look = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    const { mean, standardError, deviation } = value as Record<string, unknown>;
    if (typeof mean === "number" && mean <= 1 && (standardError ?? deviation) !== undefined) {
      found.add((100 * mean).toFixed(2));
    }
    for (const inner of Object.values(value)) look(inner);
  };
  for (const name of readdirSync("results").filter((file) => file.endsWith(".json"))) {
    look(JSON.parse(readFileSync(join("results", name), "utf8")));
  }
  return found;
}

/** What stands in `text` outside of marks and of what a program has printed. */
const byHand = (text: string) =>
  text.replaceAll(/<!-- gen:[\s\S]*?<!-- \/gen -->/g, "").replaceAll(/```[\s\S]*?```/g, "");

/** The paper's own. */
const NOT_OURS = new Set(
  [
    ...TABLE_1.map(({ accuracy }) => accuracy),
    ...TABLE_4.flatMap(({ jointBayesian, hamming }) => [jointBayesian, hamming ?? 0]),
  ].map((share) => (100 * share).toFixed(2)),
);

test("no number of results/ stands in a document by hand", () => {
  const ours = measured();
  expect(ours.size).toBeGreaterThan(100);
  const wrong = DOCUMENTS.flatMap((path) =>
    [...byHand(readFileSync(path, "utf8")).matchAll(/(?<![\d.])\d\d\.\d\d(?= (?:%|±)|, )/g)]
      .map(([number]) => number)
      .filter((number) => ours.has(number) && !NOT_OURS.has(number))
      .map((number) => `${path}: ${number}`),
  );
  expect(wrong).toEqual([]);
});

test("no document but the notebook shows a stale result", async () => {
  const results = await readResults("results"); // a result that does not say so itself fails a test of src/lab/results
  expect(results.length).toBeGreaterThan(20);
  const stale = results.filter(({ content }) => content.result.stale !== undefined);
  const shown = DOCUMENTS.flatMap((path) => {
    const text = readFileSync(path, "utf8");
    return stale.filter(({ file }) => text.includes(file)).map(({ file }) => `${path}: ${file}`);
  });
  expect(shown).toEqual([]);
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

test("programs in documents and in docstrings run as they stand in Node 20, which knows no using", () => {
  const shown = [...DOCUMENTS, "src/index.ts", "src/browser.ts", "src/people/recognizer/open.ts"];
  expect(shown.filter((path) => /^(?: \* )?(?:await )?using\b.*=/m.test(readFileSync(path, "utf8")))).toEqual(
    [],
  );
});

test("a mark that nothing generates, and one that is not closed, are refused", () => {
  expect(withGenerated("a <!-- gen:x -->1<!-- /gen --> b", "a", { x: () => "2" })).toBe(
    "a <!-- gen:x -->2<!-- /gen --> b",
  );
  expect(() => withGenerated("<!-- gen:y -->1<!-- /gen -->", "a", {})).toThrow("nothing generates y");
  expect(() => withGenerated("<!-- gen:x -->1", "a", { x: () => "2" })).toThrow("opened");
});
