/**
 * `npm run audit:deps`: known weaknesses of what is shipped (npm audit), and direct dependencies that have newer
 * versions (npm outdated). Both ask the registry; where it does not answer, that is said, and the exit code is 2: nothing
 * was found is not the same as nothing was asked.
 */
import { spawnSync } from "node:child_process";
import { columns } from "../src/base/text/index.ts";

const TIMEOUT_MS = 120_000;

interface Audit {
  readonly error?: { readonly summary?: string; readonly code?: string };
  readonly message?: string;
  readonly vulnerabilities?: Readonly<
    Record<string, { readonly severity: string; readonly range: string; readonly fixAvailable: unknown }>
  >;
}

/** What npm says as JSON, or why it cannot. */
function ask(...args: readonly string[]): { json?: Record<string, unknown>; cannot?: string } {
  const { stdout, stderr, error } = spawnSync("npm", [...args, "--json"], {
    encoding: "utf8",
    timeout: TIMEOUT_MS,
  });
  if (error) return { cannot: error.message };
  try {
    const json = JSON.parse(stdout || "{}") as Record<string, unknown>;
    const failed = json as Audit;
    if (failed.error ?? failed.message)
      return { cannot: failed.error?.summary || failed.error?.code || failed.message };
    return { json };
  } catch {
    return { cannot: (stderr || stdout).trim().split("\n")[0] || "no answer" };
  }
}

let cannot = 0;
const audit = ask("audit", "--omit=dev");
if (audit.json?.vulnerabilities === undefined) {
  cannot++;
  console.log(
    `weaknesses: cannot be looked up: ${audit.cannot ?? "the registry's answer says nothing of them"}`,
  );
} else {
  const found = Object.entries((audit.json as Audit).vulnerabilities!);
  console.log(found.length === 0 ? "weaknesses: none known" : `weaknesses: ${found.length} packages`);
  console.log(columns(found.map(([name, { severity, range }]) => [`  ${name}`, `${severity}, ${range}`])));
  if (found.some(([, { severity }]) => severity === "high" || severity === "critical")) process.exitCode = 1;
}

const outdated = ask("outdated");
if (!outdated.json) {
  cannot++;
  console.log(`newer versions: cannot be looked up: ${outdated.cannot}`);
} else {
  const rows = Object.entries(
    outdated.json as Record<string, { current?: string; wanted: string; latest: string }>,
  );
  console.log(
    rows.length === 0 ? "newer versions: none" : `newer versions: of ${rows.length} direct dependencies`,
  );
  console.log(
    columns(
      rows.map(([name, { current = "not installed", latest }]) => [`  ${name}`, `${current} -> ${latest}`]),
    ),
  );
}
if (cannot > 0 && process.exitCode === undefined) process.exitCode = 2;
