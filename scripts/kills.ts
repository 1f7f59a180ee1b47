/**
 * Kills `deepid serve` (SIGKILL) under load, again and again, and looks after each time whether what it had acknowledged
 * is there, what it had refused is not, and the audit log is whole.
 * Run: npx tsx scripts/kills.ts [KILLS] [OUT.json]
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { writeFileAtomic } from "../src/base/files/index.ts";
import { createRng } from "../src/base/random/index.ts";
import { alignFace } from "../src/faces/face/index.ts";
import { encodePng } from "../src/faces/pictureFiles/index.ts";
import { createPopulation } from "../src/faces/synthetic/index.ts";
import { openStore } from "../src/people/gallery/index.ts";
import { type Client, createClient, verifyAuditLog } from "../src/serve/service/index.ts";

const [kills = 200, out] = [Number(process.argv[2] ?? 200), process.argv[3]];
const CLIENTS = 6;
const PROGRAM = ["--import", "tsx", "src/cli/deepid.ts", "serve", "--port", "0", "--detector", "none"];
const rng = createRng(1);
const folder = await mkdtemp(join(tmpdir(), "kills-"));
const faces = await Promise.all(
  Array.from({ length: 8 }, async (_, i) => {
    const { image, landmarks } = createPopulation({ people: 8, picturesPerPerson: 1 }).picture(i, 0);
    return Buffer.from(await encodePng(alignFace(image, landmarks))).toString("base64");
  }),
);

/** What is known of each person; "unknown" while a request is under way. */
const people = new Map<string, "there" | "erased" | "unknown">();
const receipts = new Set<number>();
const done = { registered: 0, erased: 0 };
const wrong: string[] = [];
/** What has happened to each person, to be told where something is wrong. */
const history = new Map<string, string[]>();
const set = (person: string, state: "there" | "erased" | "unknown", why: string) => {
  people.set(person, state);
  history.set(person, [...(history.get(person) ?? []), why]);
};
let last = 0;

async function start() {
  const args = [...PROGRAM, "--data", folder, "--json", "--workers", "1", "--requests-per-minute", "1000000"];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  for await (const text of child.stdout) {
    said += text;
    if (said.trimEnd().endsWith("}")) break;
  }
  return { child, url: (JSON.parse(said) as { url: string }).url };
}

/** Registers and erases until the service is gone. */
async function live(client: Client): Promise<void> {
  for (;;) {
    const erase = rng.uniform() < 0.3;
    const known = [...people].flatMap(([name, state]) => (state === "there" ? [name] : []));
    const person = erase && known.length > 0 ? known[rng.integer(known.length)] : `person ${++last}`;
    const isNew = !people.has(person);
    set(person, "unknown", isNew ? "register" : "remove");
    if (isNew) {
      await client.register({ person, image: faces[rng.integer(faces.length)], aligned: true });
      set(person, "there", "registered");
      done.registered++;
    } else {
      const { receipt } = await client.removePerson({ person });
      set(person, "erased", "removed");
      receipts.add(receipt);
      done.erased++;
    }
  }
}

async function check(kill: number): Promise<void> {
  const store = await openStore(join(folder, "gallery.sqlite"));
  const names = new Set((await store.people({ limit: 10_000 })).map(({ name }) => name));
  const kept = new Set((await store.receipts()).map(({ receipt }) => receipt));
  const { damage } = await store.check();
  await store.close();
  for (const [person, state] of people) {
    if (state === "there" && !names.has(person))
      wrong.push(`kill ${kill}: ${person} was registered, and is lost (${history.get(person)})`);
    if (state === "erased" && names.has(person))
      wrong.push(`kill ${kill}: ${person} was erased, and is there (${history.get(person)})`);
    const found = names.has(person) ? "there" : "erased";
    if (state === "unknown") set(person, found, `${found} after kill ${kill}`);
  }
  for (const receipt of receipts)
    if (!kept.has(receipt)) wrong.push(`kill ${kill}: receipt ${receipt} is lost`);
  for (const { reason } of damage) wrong.push(`kill ${kill}: ${reason}`);
}

try {
  for (let kill = 1; kill <= kills; kill++) {
    const { child, url } = await start();
    const exited = once(child, "exit");
    const clients = Array.from({ length: CLIENTS }, () => live(createClient(url)).catch(() => {}));
    await sleep(200 + rng.integer(2_500));
    child.kill("SIGKILL");
    await Promise.all([exited, ...clients]);
    const before = wrong.length;
    await check(kill);
    for (const what of wrong.slice(before)) process.stderr.write(`\n${what}\n`);
    process.stderr.write(
      `\r${kill} of ${kills} kills, ${done.registered} registered, ${done.erased} erased, ${wrong.length} wrong`,
    );
  }
  const { lines, broken } = await verifyAuditLog(join(folder, "audit.jsonl"));
  if (broken) wrong.push(`audit log, line ${broken.line}: ${broken.reason}`);
  const summary = { kills, ...done, receipts: receipts.size, auditLines: lines, wrong };
  if (out) await writeFileAtomic(out, `${JSON.stringify(summary, null, 2)}\n`);
  process.stdout.write(`\n${JSON.stringify(summary, null, 2)}\n`);
} finally {
  await rm(folder, { recursive: true });
}
process.exitCode = wrong.length > 0 ? 1 : 0;
