/**
 * The thread in which @vladmandic/human runs: its WebAssembly works for 100 ms at a time, which would hold up
 * everything else. Its models are read from the package; `fetch`, through which it would load them, reads files only,
 * so that nothing here can reach a network.
 */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parentPort } from "node:worker_threads";
import type { Image } from "../image/index.ts";
import { detectHuman, type Human, type HumanAnswer, humanSettings } from "../locate/index.ts";
import { humanFolders } from "./humanPackage.ts";

async function openHuman(): Promise<Human> {
  const { dist, models, wasm } = humanFolders()!; // who starts this thread has looked
  globalThis.fetch = async (address) => {
    const bytes = await readFile(new URL(String(address))); // refuses all but file:
    const type = String(address).endsWith(".json") ? "application/json" : "application/octet-stream";
    return new Response(bytes, { headers: { "content-type": type } });
  };
  const require = createRequire(import.meta.url);
  const { Human } = require(join(dist, "human.node-wasm.js")) as { Human: new (config: object) => Human };
  const human = new Human(humanSettings(pathToFileURL(join(models, "/")).href, join(wasm, "/")));
  await human.load();
  return human;
}

const opening = openHuman();
opening.catch(() => {}); // reported with the first picture
parentPort?.on("message", async (photo: Image) => {
  const answer: HumanAnswer = await opening
    .then((human) => detectHuman(human, photo))
    .catch((error: Error) => ({ error: error.message }));
  parentPort?.postMessage(answer);
});
