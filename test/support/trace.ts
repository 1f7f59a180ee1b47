/** What a process does to the world outside itself, as strace sees it: files written, addresses spoken to. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { text } from "node:stream/consumers";

/** Why nothing can be traced here; empty where it can. */
export const noStrace =
  spawnSync("strace", ["-f", "-o", "/dev/null", "true"]).status === 0
    ? ""
    : "strace is not installed or may not trace (Debian: apt-get install strace)";

const CALLS = [
  ...["open", "openat", "creat", "mkdir", "mkdirat", "mknod", "mknodat", "truncate"],
  ...["rename", "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat"],
  ...["connect", "bind", "sendto", "sendmsg", "sendmmsg"],
];

export interface Traced {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  /** Paths that were opened for writing, made or renamed, or that somebody tried to; without what is outside the machine's files. */
  readonly written: readonly string[];
  /** `unix PATH`, `inet ADDRESS PORT`, `inet6 ADDRESS PORT`, `netlink`: every address of a call on a socket. */
  readonly addresses: readonly string[];
}

/** Runs `command` with all its threads and children; `act` gets the process, and everything that it has said so far. */
export async function traced(
  [program, ...args]: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv; readonly log: string },
  act: (child: ChildProcess, out: string) => void = () => {},
): Promise<Traced> {
  const { cwd, env, log } = options;
  // -D: the process itself is our child, so that signals reach it.
  const strace = ["-D", "-f", "-y", "-qq", "--seccomp-bpf", "-s", "4096", "-e", "signal=none"];
  const child = spawn(
    "strace",
    [...strace, "-e", `trace=?${CALLS.join(",?")}`, "-o", log, program, ...args],
    {
      cwd,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let out = "";
  child.stdout.on("data", (piece) => {
    out += piece;
    act(child, out);
  });
  const err = text(child.stderr);
  const code = await new Promise<number | null>((done) => child.on("close", done)); // strace has closed it, too
  const lines = (await readFile(log, "utf8")).split("\n");
  return {
    code,
    out,
    err: await err,
    written: unique(lines.flatMap((line) => writtenBy(line, cwd))),
    addresses: unique(lines.flatMap(addressesIn)),
  };
}

const unique = (words: readonly string[]) => [...new Set(words)].sort();

/** The paths that a call writes; none of a call that only reads. */
function writtenBy(line: string, cwd: string): string[] {
  const [, name, rest] = /^\d+ +(\w+)\((.*)$/.exec(line) ?? [];
  if (!name || /^(?:connect|bind|send)/.test(name)) return [];
  if (/^open/.test(name) && !/O_(?:WRONLY|RDWR|CREAT|TRUNC|APPEND|TMPFILE)/.test(rest)) return [];
  const paths = [...rest.matchAll(/(?:(?:AT_FDCWD|\d+)<([^>]*)>, )?"((?:[^"\\]|\\.)*)"/g)];
  return paths.map(([, folder, path]) => resolve(folder ?? cwd, path));
}

function addressesIn(line: string): string[] {
  const found: string[] = [];
  for (const [, family, rest] of line.matchAll(/\{sa_family=AF_(\w+)([^}]*)\}/g)) {
    const address = /"([^"]*)"/.exec(rest)?.[1] ?? "";
    const port = /htons\((\d+)\)/.exec(rest)?.[1] ?? "";
    found.push([family.toLowerCase(), address, port].filter(Boolean).join(" "));
  }
  return found;
}
