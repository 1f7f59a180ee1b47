/** The Dockerfile: what a linter says of it, and the rules that keep a service's container safe. */
import { readFileSync } from "node:fs";
import { validate } from "dockerfile-utils";
import { expect, test } from "vitest";

const text = readFileSync("Dockerfile", "utf8");
const instructions = text
  .replaceAll(/^\s*#.*\n/gm, "")
  .replaceAll(/\\\n\s*/g, "")
  .trim()
  .split(/\n+/)
  .map((line) => /^(\w+)\s+(.*)$/.exec(line)!.slice(1));
const of = (name: string) =>
  instructions.filter(([instruction]) => instruction === name).map(([, rest]) => rest);

test("a linter finds nothing in it", () => {
  expect(validate(text).map(({ message, range }) => `${range.start.line + 1}: ${message}`)).toEqual([]);
});

test("its bases are pinned to a version of Debian slim and of a Node that the package takes", () => {
  const { engines } = JSON.parse(readFileSync("package.json", "utf8"));
  expect(engines.node).toBe(">=20.19");
  for (const base of of("FROM"))
    expect(base).toMatch(/^node:20\.(?:19|[2-9]\d)\.\d+-bookworm-slim(?: AS \w+)?$/);
});

test("it installs what the lock file says and runs nothing of strangers", () => {
  const runs = of("RUN").join("\n");
  expect(runs.match(/npm ci/g)?.length).toBe(of("FROM").length);
  expect(runs).not.toMatch(/npm install|curl|wget|apt-get/);
  expect(readFileSync(".npmrc", "utf8")).toMatch(/^ignore-scripts=true$/m);
  for (const copied of of("COPY").filter((copy) => copy.startsWith("package.json")))
    expect(copied).toContain(".npmrc");
});

test("it is no root's, says whether it is well, and keeps its data in a volume that is its user's", () => {
  expect(of("USER").at(-1)).toBe("node");
  expect(of("HEALTHCHECK").join()).toContain("/api/v1/health/live");
  expect(of("VOLUME")).toEqual(["/data"]);
  expect(of("WORKDIR").at(-1)).toBe("/data");
  expect(of("RUN").join("\n")).toContain("chown node:node /data");
});

test("what it must not hold is not sent to be built", () => {
  const ignored = readFileSync(".dockerignore", "utf8").split("\n");
  expect(ignored).toEqual(
    expect.arrayContaining([".git", "**/node_modules", "dist", "deepid-data", "*.sqlite"]),
  );
});
