/** Runs the command line inside the test, or as a process of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { type Io, run } from "../../src/cli/index.ts";
import { COMMAND } from "./compiled.ts";

export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** An Io without a terminal, and what is said through it. */
export function quietIo(now = () => performance.now()): {
  readonly io: Io;
  readonly seen: { out: string; err: string };
} {
  const seen = { out: "", err: "" };
  const io: Io = {
    out(written) {
      seen.out += written;
    },
    err(written) {
      seen.err += written;
    },
    env: {},
    now,
    interrupt: new AbortController().signal,
  };
  return { io, seen };
}

/** Runs `deepid` with `args` in this process. */
export async function deepid(...args: readonly string[]): Promise<Outcome> {
  const { io, seen } = quietIo();
  const code = await run(args, io);
  return { code, ...seen };
}

/** The result of a command that must succeed, from its --json. */
// biome-ignore lint/suspicious/noExplicitAny: each command has a shape of its own, which its test checks
export async function resultOf(...args: readonly string[]): Promise<any> {
  const { code, out, err } = await deepid(...args, "--json");
  if (code !== 0) throw new Error(`deepid ${args.join(" ")}: exit code ${code}: ${err}`);
  return JSON.parse(out);
}

/** Starts `deepid` as a process; `act` gets it, and every piece of stderr. */
export async function spawnDeepid(
  args: readonly string[],
  act: (child: ChildProcess, err: string) => void = () => {},
): Promise<Outcome> {
  const [node, ...rest] = COMMAND;
  const child = spawn(node, [...rest, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let err = "";
  child.stderr.on("data", (piece) => {
    err += piece;
    act(child, err);
  });
  const out = text(child.stdout);
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, out: await out, err };
}
