/** Nothing leaves the machine, and nothing is written where nobody asked for it: seen from outside, by strace. */
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encodePng } from "../src/faces/pictureFiles/index.ts";
import { createPopulation } from "../src/faces/synthetic/index.ts";
import { type Client, createClient } from "../src/serve/service/index.ts";
import { COMMAND } from "./support/compiled.ts";
import { newFolder, TINY, TINY_DATA } from "./support/miniature.ts";
import { noStrace, type Traced, traced } from "./support/trace.ts";

const [node] = COMMAND;
const TSX = fileURLToPath(import.meta.resolve("tsx")); // found from any working folder

describe.skipIf(noStrace !== "")(`traced${noStrace && ` (skipped: ${noStrace})`}`, () => {
  let folder: string;
  let places: Record<"work" | "home" | "tmp", string>;
  beforeAll(async () => {
    folder = await newFolder();
    const [work, home, tmp] = ["work", "home", "tmp"].map((name) => join(folder, name));
    places = { work, home, tmp };
    for (const place of Object.values(places)) await mkdir(place);
    await writeFile(join(work, "tiny.json"), JSON.stringify(TINY));
    const people = createPopulation({ people: 2, picturesPerPerson: 1, seed: 9 });
    const lines: string[] = [];
    for (const person of [0, 1]) {
      const { image, landmarks } = people.picture(person, 0);
      await writeFile(join(work, `${person}.png`), await encodePng(image));
      lines.push(`${person}.png ${landmarks.map(({ x, y }) => `${x} ${y}`).join(" ")}\n`);
    }
    await writeFile(join(work, "landmarks.txt"), lines.join(""));
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** Runs in the working folder, with a home and a temporary folder of its own and nothing of our environment. */
  const trace = (command: readonly string[], act?: Parameters<typeof traced>[2]) => {
    const env = { PATH: process.env.PATH, HOME: places.home, TMPDIR: places.tmp };
    return traced(command, { cwd: places.work, env, log: join(folder, "trace") }, act);
  };

  /** What is on no list. The lists are all that a command may do outside its working folder. */
  function unlisted({ written, addresses }: Traced): string[] {
    const files = [
      `${places.work}/`,
      `${places.tmp}/tsx-`, // TypeScript compiled for this test
      "/dev/null",
    ];
    // Loopback but for a name server there; the kernel's list of this machine's own addresses.
    const peers = /^(?:(?:inet 127\.0\.0\.1|inet6 ::1) (?!53$)\d+|netlink)$/;
    return [
      ...written.filter((path) => !files.some((start) => path.startsWith(start))),
      ...addresses.filter(
        (address) => !peers.test(address) && !address.startsWith(`unix ${places.tmp}/tsx-`),
      ),
    ];
  }

  test("a program that writes and speaks elsewhere is found out", async () => {
    const program = `
      const fs = require("node:fs");
      fs.mkdirSync(process.env.HOME + "/.cache/Microsoft", { recursive: true });
      fs.writeFileSync(process.env.TMPDIR + "/mat-debug-1.log", "");
      const socket = require("node:dgram").createSocket("udp4"); // connecting sends nothing
      socket.connect(53, "192.0.2.1", () => socket.close());`;
    const found = unlisted(await trace([node, "-e", program]));
    expect(found).toContain(`${places.home}/.cache/Microsoft`);
    expect(found).toContain(`${places.tmp}/mat-debug-1.log`);
    expect(found).toContain("inet 192.0.2.1 53");
    await rm(join(places.home, ".cache"), { recursive: true });
  });

  test("verify", async () => {
    const seen = await trace([
      ...COMMAND,
      "verify",
      "0.png",
      "1.png",
      "--landmarks",
      "landmarks.txt",
      "--json",
    ]);
    expect(unlisted(seen)).toEqual([]);
    expect({ code: seen.code, err: seen.err }).toEqual({ code: 0, err: "" });
  });

  test("train", async () => {
    const seen = await trace([...COMMAND, "train", "tiny.json", "--out", "run", "--json", ...TINY_DATA]);
    expect(unlisted(seen)).toEqual([]);
    expect(seen.written).toContain(join(places.work, "run"));
    expect(seen.code).toBe(0);
  });

  test("serve, with a photo in which the default detector finds the face", async () => {
    await mkdir(join(places.work, "data"));
    const image = await readFile(join(places.work, "0.png"), "base64");
    const ask = (client: Client) => client.register({ person: "Ann", image });
    let answered: ReturnType<typeof ask> | undefined;
    const args = ["serve", "--port", "0", "--data", "data", "--workers", "1", "--json"];
    const seen = await trace([...COMMAND, ...args], (child, out) => {
      if (answered || !out.trimEnd().endsWith("}")) return;
      answered = ask(createClient(JSON.parse(out).url));
      answered.catch(() => {}).finally(() => child.kill("SIGTERM"));
    });
    expect(unlisted(seen)).toEqual([]);
    expect(await answered).toMatchObject({ person: { name: "Ann" } });
    expect(seen.addresses.some((address) => address.startsWith("inet 127.0.0.1"))).toBe(true);
  });

  test("a program of one's own, which uses the runtime in a thread alone", async () => {
    const program = fileURLToPath(new URL("support/sessionInThread.ts", import.meta.url));
    const seen = await trace([node, "--import", TSX, program]);
    expect(unlisted(seen)).toEqual([]);
    expect(seen.out).toBe("-1 -2\n");
  });
});
