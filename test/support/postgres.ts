/** Real PostgreSQL servers on loopback for tests, where its binaries are found. */
import { type ChildProcessByStdio, execFileSync, spawn, spawnSync } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { Readable } from "node:stream";

export interface TestServer {
  /** Of the database "postgres"; another database by its name. */
  url(database?: string): string;
  /** As a power cut would end it. */
  kill(): Promise<void>;
  /** Starts it again after a kill, at the same address. */
  restart(): Promise<void>;
  /** Stops all its processes where they are, until `resume`: it holds its connections, and answers nothing. */
  stall(): void;
  resume(): void;
  stop(): Promise<void>;
}

/** The newest of Debian's folders, or what the path has. */
function findBinaries(): string | undefined {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).filter((name) => Number(name) >= 14) : [];
  const folders = [
    ...versions.sort((a, b) => Number(b) - Number(a)).map((version) => join(debian, version, "bin")),
    ...(process.env.PATH ?? "").split(delimiter),
  ];
  return folders.find((folder) => existsSync(join(folder, "initdb")) && existsSync(join(folder, "postgres")));
}

const binaries = findBinaries();
/** PostgreSQL refuses to run as root: Debian's package brings a user for it. */
const isRoot = process.getuid?.() === 0;
const numberOf = (option: string) => {
  const { status, stdout } = spawnSync("id", [option, "postgres"], { encoding: "utf8" });
  return status === 0 ? Number(stdout) : undefined;
};
const owner = isRoot ? { uid: numberOf("-u"), gid: numberOf("-g") } : {};
const canRun = !isRoot || owner.uid !== undefined;

/** Why there are no servers here; empty where there are. */
export const noPostgres = !binaries
  ? "PostgreSQL's binaries are not installed (Debian: apt-get install postgresql)"
  : canRun
    ? ""
    : "root cannot run PostgreSQL, and there is no user postgres";

/** Starts a server with an empty folder of its own; `settings` go before those that are right for tests. */
export async function startPostgres(
  settings: Readonly<Record<string, string | number>> = {},
): Promise<TestServer> {
  if (!binaries) throw new Error(noPostgres);
  const folder = mkdtempSync(join(tmpdir(), "deepid-pg-"));
  if (owner.uid !== undefined && owner.gid !== undefined) chownSync(folder, owner.uid, owner.gid);
  const data = join(folder, "data");
  const as = { ...owner, cwd: folder };
  const initdb = ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"];
  execFileSync(join(binaries, "initdb"), initdb, { ...as, stdio: "ignore" });
  const port = await freePort();
  const options = {
    port,
    listen_addresses: "127.0.0.1",
    unix_socket_directories: folder,
    fsync: "off",
    shared_buffers: "16MB",
    max_connections: 50,
    ...settings,
  };
  const args = Object.entries(options).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const start = () =>
    spawn(join(binaries, "postgres"), ["-D", data, ...args], { ...as, stdio: ["ignore", "ignore", "pipe"] });
  let server = start();
  await ready(server);
  const end = async (signal: NodeJS.Signals) => {
    const ended = new Promise<void>((resolve) => server.once("exit", () => resolve()));
    server.kill(signal);
    await ended;
  };
  const signalAll = (signal: NodeJS.Signals) => {
    const children = readFileSync(`/proc/${server.pid}/task/${server.pid}/children`, "utf8").split(" ");
    for (const pid of [server.pid!, ...children.filter(Boolean).map(Number)]) process.kill(pid, signal);
  };
  return {
    url: (database = "postgres") => `postgres://postgres@127.0.0.1:${port}/${database}`,
    kill: () => end("SIGQUIT"), // immediate shutdown: its children end, too, and nothing is written
    stall: () => signalAll("SIGSTOP"),
    resume: () => signalAll("SIGCONT"),
    async restart() {
      server = start();
      await ready(server);
    },
    async stop() {
      if (server.exitCode === null && server.signalCode === null) await end("SIGINT");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function ready(server: ChildProcessByStdio<null, null, Readable>): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    let log = "";
    server.stderr.on("data", (text) => {
      log += text;
      if (log.includes("database system is ready to accept connections")) resolve();
    });
    server.once("exit", () => reject(new Error(`postgres ended:\n${log}`)));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
