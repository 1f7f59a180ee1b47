import { copyFile, cp, mkdtemp, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { DEFAULT_MODEL, modelFolder, openSystem, replaceMatcher } from "./index.ts";
import { readCard } from "./modelFolder.ts";

/** A copy of the default model without its cohort; its matcher, and one of another scale. */
async function someModel() {
  const folder = join(await mkdtemp(join(tmpdir(), "replace-")), "model");
  await cp(modelFolder(DEFAULT_MODEL), folder, { recursive: true });
  const { matching } = await readCard(folder);
  const { matcher } = await opened(folder);
  await replaceMatcher(folder, matcher, { matching });
  const { model } = matcher.matcher;
  const other = {
    ...matcher,
    matcher: { ...matcher.matcher, model: { ...model, mean: model.mean.map((x) => x + 1) } },
  };
  return { folder, matching, matcher, other };
}

async function opened(folder: string) {
  const system = await openSystem(folder, { threads: 1 });
  await system.release();
  return system;
}
const meanIn = async (folder: string) => (await opened(folder)).matcher.matcher.model.mean[0];
const there = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

test("killed between the card and the file, a folder has the new matcher; the next replacement puts it in its place", async () => {
  const { folder, matching, matcher, other } = await someModel();
  const [path, old] = [join(folder, "matcher.safetensors"), join(folder, "old")];
  await copyFile(path, old);
  await replaceMatcher(folder, other, { matching });
  expect(await there(`${path}.next`)).toBe(false);
  const [was, is] = [matcher, other].map(({ matcher: { model } }) => model.mean[0]);
  expect([await meanIn(folder), was === is]).toEqual([is, false]);

  // as it is after the card and before the file
  await rename(path, `${path}.next`);
  await copyFile(old, path);
  expect(await meanIn(folder)).toBe(is);
  await rm(path); // and where there was none before
  expect(await meanIn(folder)).toBe(is);

  await copyFile(old, path);
  await replaceMatcher(folder, matcher, { matching });
  expect([await meanIn(folder), await there(`${path}.next`)]).toEqual([was, false]);
  await rm(join(folder, ".."), { recursive: true });
});

test("killed before the card, it has the old one", async () => {
  const { folder, matching, matcher, other } = await someModel();
  const path = join(folder, "matcher.safetensors");
  const card = await readFile(join(folder, "model.json"));
  const old = await readFile(path);
  await replaceMatcher(folder, other, { matching });
  await rename(path, `${path}.next`);
  await writeFile(path, old);
  await writeFile(join(folder, "model.json"), card);
  expect(await meanIn(folder)).toBe(matcher.matcher.model.mean[0]);
  await replaceMatcher(folder, other, { matching });
  expect(await meanIn(folder)).toBe(other.matcher.model.mean[0]);
  await rm(join(folder, ".."), { recursive: true });
});
