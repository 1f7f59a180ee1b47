import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { alignFace } from "../src/faces/face/index.ts";
import { encodePng } from "../src/faces/pictureFiles/index.ts";
import { createPopulation } from "../src/faces/synthetic/index.ts";
import { openSystem } from "../src/nets/models/index.ts";
import { openGallery } from "../src/people/gallery/index.ts";
import { galleryModelOf } from "../src/people/recognizer/index.ts";
import { createClient } from "../src/serve/service/index.ts";
import { COMMAND } from "./support/compiled.ts";
import { MODEL, ROOT } from "./support/service.ts";

vi.setConfig({ testTimeout: 240_000 }); // a process starts, and finishes what it has accepted
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "stop-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** `deepid serve` as a process; its address is the first thing it says. */
async function serve(): Promise<{ process: ChildProcess; url: string }> {
  const [node, program] = COMMAND;
  const args = ["serve", "--port", "0", "--data", folder, "--detector", "none", "--json", "--workers", "1"];
  const child = spawn(node, [program, ...args], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  await new Promise<void>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`deepid serve ended with ${code}`)));
    child.stdout.on("data", (text) => {
      said += text;
      if (said.trimEnd().endsWith("}")) resolve();
    });
  });
  return { process: child, url: (JSON.parse(said) as { url: string }).url };
}

test("SIGTERM under load loses no registration that was acknowledged", async () => {
  const { image, landmarks } = createPopulation({ people: 1, picturesPerPerson: 1 }).picture(0, 0);
  const face = Buffer.from(await encodePng(alignFace(image, landmarks))).toString("base64");
  const server = await serve();
  const client = createClient(server.url);
  const acknowledged: string[] = [];
  let last = 0;
  /** Registers until the service takes no more. */
  const register = async () => {
    for (;;) {
      const person = `person ${++last}`;
      await client.register({ person, image: face, aligned: true });
      acknowledged.push(person);
      if (acknowledged.length === 12) server.process.kill("SIGTERM");
    }
  };
  const exited = once(server.process, "exit");
  await Promise.all(Array.from({ length: 8 }, () => register().catch(() => {})));
  expect((await exited)[0]).toBe(0);
  expect(acknowledged.length).toBeGreaterThanOrEqual(12);

  const system = await openSystem(MODEL);
  const gallery = await openGallery(join(folder, "gallery.sqlite"), galleryModelOf(system));
  await system.release();
  const kept = new Set((await gallery.people()).map(({ name }) => name));
  await gallery.close();
  expect(acknowledged.filter((name) => !kept.has(name))).toEqual([]);
  const log = (await readFile(join(folder, "audit.jsonl"), "utf8")).trim().split("\n");
  expect(log.filter((line) => line.includes('"status":200')).length).toBeGreaterThanOrEqual(
    acknowledged.length,
  );
});
