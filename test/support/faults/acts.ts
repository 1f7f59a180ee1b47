/** What may fail half-way, and what must hold then: what was acknowledged is there, what was refused is not. */
import { appendFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { openStore } from "../../../src/people/gallery/index.ts";
import { createSealer } from "../../../src/people/gallery/seal.ts";
import { openAuditLog } from "../../../src/serve/service/audit.ts";
import { createKey, readKeys, revokeKey, verifyAuditLog } from "../../../src/serve/service/index.ts";
import { SUITE_SETTINGS } from "../storeSettings.ts";

/** How an act went: by its promise, or unknown since its process was killed. */
export type Outcome = "done" | "refused" | "killed";

export interface Act {
  /** Makes what is there before. */
  prepare(folder: string): Promise<void>;
  act(folder: string): Promise<unknown>;
  /** What is wrong afterwards, if anything. */
  wrong(folder: string, outcome: Outcome): Promise<string | undefined>;
}

const NOW = new Date("2026-05-01T12:00:00Z");
const now = () => NOW;
const KEY = new Uint8Array(32).fill(7);
const NEXT = new Uint8Array(32).fill(8);
const settings = { ...SUITE_SETTINGS, keyCheck: createSealer(KEY).check };
const galleryOf = (folder: string) => join(folder, "gallery.sqlite");
const keysOf = (folder: string) => join(folder, "keys.json");
const auditOf = (folder: string) => join(folder, "audit.jsonl");

const face = (person: string, seed: number) => {
  const code = Uint8Array.from({ length: 64 }, (_, i) => (seed * 31 + i * 7) & 255);
  const bytes = Uint8Array.from({ length: 12 }, (_, i) => (seed + i) & 255);
  return { person, code, vector: createSealer(KEY).seal(bytes, "vector", code) };
};

async function inGallery<T>(
  folder: string,
  work: (store: Awaited<ReturnType<typeof openStore>>) => Promise<T>,
  key: Uint8Array = KEY,
): Promise<T> {
  const store = await openStore(galleryOf(folder), undefined, { key });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** A gallery of Ann with two faces and Bo with one. */
async function makeGallery(folder: string): Promise<void> {
  const store = await openStore(galleryOf(folder), settings, { key: KEY });
  await store.add([face("Ann", 1), face("Ann", 2), face("Bo", 3)]);
  await store.close();
}

/** Faces by person, as they must be before and after the act. */
function galleryAct(
  work: (store: Awaited<ReturnType<typeof openStore>>) => Promise<unknown>,
  { before, after, receipts = 0 }: { before: object; after: object; receipts?: number },
): Act {
  return {
    prepare: makeGallery,
    act: (folder) => inGallery(folder, work),
    wrong: (folder, outcome) =>
      inGallery(folder, async (store) => {
        const found = JSON.stringify(
          Object.fromEntries((await store.people()).map(({ name, faces }) => [name, faces])),
        );
        const { damage } = await store.check();
        if (damage.length > 0) return `damaged: ${JSON.stringify(damage)}`;
        const [was, is] = [before, after].map((people) => JSON.stringify(people));
        const wanted = { done: [is], refused: [was], killed: [was, is] }[outcome];
        if (!wanted.includes(found)) return `${outcome}, and there is ${found}`;
        const kept = (await store.receipts()).length;
        return kept === (found === is ? receipts : 0) ? undefined : `${found} with ${kept} receipts`;
      }),
  };
}

const BEFORE = { Ann: 2, Bo: 1 };

export const ACTS = {
  register: galleryAct((store) => store.add([face("Cy", 4), face("Ann", 5)]), {
    before: BEFORE,
    after: { Ann: 3, Bo: 1, Cy: 1 },
  }),
  restore: galleryAct((store) => store.addMissing([face("Cy", 4)], { nth: [1] }), {
    before: BEFORE,
    after: { ...BEFORE, Cy: 1 },
  }),
  merge: galleryAct((store) => store.merge("Bo", "Ann"), { before: BEFORE, after: { Ann: 3 } }),
  remove: galleryAct((store) => store.removePerson("Ann"), { before: BEFORE, after: { Bo: 1 }, receipts: 1 }),
  rekey: {
    prepare: makeGallery,
    act: (folder) => inGallery(folder, (store) => store.rekey(NEXT, { onDamage() {} })),
    async wrong(folder, outcome) {
      const opens = (key: Uint8Array) =>
        inGallery(folder, async (store) => (await store.check()).damage.length === 0, key).catch(() => false);
      const [old, next] = [await opens(KEY), await opens(NEXT)];
      const fits = { done: next && !old, refused: old && !next, killed: old !== next }[outcome];
      return fits ? undefined : `${outcome}; opens with the old key: ${old}, with the new one: ${next}`;
    },
  },
  "key create": {
    prepare: async (folder) => void (await createKey(keysOf(folder), { name: "first", scope: "read" }, NOW)),
    act: (folder) => createKey(keysOf(folder), { name: "second", scope: "write" }, NOW),
    async wrong(folder, outcome) {
      const names = (await readKeys(keysOf(folder))).map(({ name }) => name).join();
      // A renaming that cannot be made durable is refused, and may be there: nobody has seen its token.
      const wanted = outcome === "done" ? ["first,second"] : ["first", "first,second"];
      return wanted.includes(names) ? undefined : `${outcome}, and there are ${names}`;
    },
  },
  "key revoke": {
    prepare: async (folder) => void (await createKey(keysOf(folder), { name: "first", scope: "read" }, NOW)),
    async act(folder) {
      const [{ id }] = await readKeys(keysOf(folder));
      return revokeKey(keysOf(folder), id, NOW);
    },
    async wrong(folder, outcome) {
      const keys = await readKeys(keysOf(folder));
      if (keys.length !== 1) return `${keys.length} keys`;
      return outcome === "done" && !keys[0].revoked ? "revoked, and valid" : undefined;
    },
  },
  audit: {
    async prepare(folder) {
      const log = await openAuditLog(auditOf(folder), now);
      await log.write({ key: null, action: "first", status: 200 }, { durable: true });
      await log.close();
    },
    async act(folder) {
      const log = await openAuditLog(auditOf(folder), now);
      const written = await log.write({ key: null, action: "second" }, { durable: true }).then(
        () => "done",
        () => "refused",
      );
      const third = await log.write({ key: null, action: "third", status: 200 }, { durable: true }).then(
        () => "done",
        () => "refused",
      );
      await log.close();
      await appendFile(join(folder, "said"), `${written},${third}`);
      return written;
    },
    async wrong(folder) {
      // What a killed process has left half-written is cut off by the next.
      const log = await openAuditLog(auditOf(folder), now);
      await log.close();
      const { broken, lines } = await verifyAuditLog(auditOf(folder));
      if (broken) return `line ${broken.line}: ${broken.reason}`;
      return lines >= 1 && lines <= 3 ? undefined : `${lines} lines`;
    },
  },
} satisfies Record<string, Act>;

export type ActName = keyof typeof ACTS;

/** A new folder for one act below `root`. */
export async function folderFor(root: string, name: string): Promise<string> {
  const folder = join(root, name.replaceAll(" ", "-"));
  await mkdir(folder, { recursive: true });
  return folder;
}
