/**
 * Adds and removes faces of the gallery at the URL given, for so many seconds, in a process of its own as others would; tells
 * its parent of what was acknowledged. Run by bench/postgresLoad.ts.
 */
import { createRng } from "../src/base/random/index.ts";
import { openStore } from "../src/people/gallery/index.ts";

/** What the parent is told. */
export type Told =
  | { readonly added: readonly { readonly id: number; readonly code: readonly number[] }[] }
  | { readonly removed: number }
  | { readonly failed: string };

const [url, seconds, codeBytes] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
/** 200 faces a second are added, and 20 removed, as far as the server keeps up. */
const [ADD_EVERY_MS, ADDED, REMOVE_EVERY_MS, AT_ONCE] = [40, 8, 50, 4];
const rng = createRng(11);
const store = await openStore(url);
const tell = (told: Told) => process.send?.(told);
const added: number[] = [];
let names = 0;
const begin = performance.now();

/** On time, as those who add and remove are many: up to so many at once, and the next when one of them is done. */
async function every(ms: number, work: () => Promise<void>): Promise<void> {
  const running = new Set<Promise<void>>();
  for (let next = begin; performance.now() - begin < 1000 * seconds; next += ms) {
    const wait = next - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    if (running.size >= AT_ONCE) await Promise.race(running);
    const one = work()
      .catch((error: Error) => void tell({ failed: error.message }))
      .finally(() => running.delete(one));
    running.add(one);
  }
  await Promise.all(running);
}

const adding = every(ADD_EVERY_MS, async () => {
  const faces = Array.from({ length: ADDED }, () => ({
    person: `new ${names++}`,
    code: Uint8Array.from({ length: codeBytes }, () => rng.integer(256)),
  }));
  const ids = await store.add(faces);
  added.push(...ids);
  tell({ added: ids.map((id, i) => ({ id, code: [...faces[i].code] })) });
});
const removing = every(REMOVE_EVERY_MS, async () => {
  if (added.length === 0) return;
  const [id] = added.splice(rng.integer(added.length), 1);
  await store.removeFace(id);
  tell({ removed: id });
});
await Promise.all([adding, removing]);
await store.close();
process.disconnect();
