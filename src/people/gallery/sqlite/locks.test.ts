/** Locks of a gallery's file between processes. */
import { fork, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { programOf } from "../../../../test/support/compiled.ts";
import { openStore } from "../index.ts";

const [node, program] = programOf("removeThenAdd");

test("who has looked for erased bytes keeps its locks: another that closes the gallery takes no log away", async () => {
  const path = join(await mkdtemp(join(tmpdir(), "locks-")), "gallery.sqlite");
  const remover = fork(program, [path]);
  expect(await once(remover, "message")).toContain("removed");
  expect(spawnSync(node, [program, path, "look"]).status).toBe(0);
  remover.send("add");
  expect(await once(remover, "message")).toContain("added");
  remover.kill("SIGKILL");
  await once(remover, "exit");
  const store = await openStore(path);
  expect((await store.people()).map(({ name }) => name)).toEqual(["Bo", "Cy"]);
  await store.close();
}, 120_000);
