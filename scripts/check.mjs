/**
 * Everything that `npm run check` looks at, side by side: types, pages, format and lint, who imports whom. What fails is
 * printed, each check's words in one piece.
 */
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";

const CHECKS = [
  ["node", "node_modules/@typescript/native/bin/tsc"], // version 7; what needs the compiler as a library has version 6
  // Its --tsgo finds nothing, not even faults, unless the workspace is the folder of the tsconfig.
  ["svelte-check", "--workspace", "studio", "--tsconfig", "./tsconfig.json", "--fail-on-warnings", "--tsgo"],
  ["depcruise", "--config", ".dependency-cruiser.mjs", "src", "studio/src"],
  ["node", "scripts/checkBrowser.mjs"],
  ["biome", "ci", "."],
];

/** Runs one; npm has put node_modules/.bin in the path. */
const run = ([program, ...args]) =>
  new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: ["ignore", "pipe", "pipe"],
      shell: process.platform === "win32",
    });
    const said = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (piece) => said.push(piece));
    child.on("error", (error) => resolve({ ok: false, said: error.message }));
    child.on("close", (code) => resolve({ ok: code === 0, said: Buffer.concat(said).toString() }));
  });

const waiting = [...CHECKS];
let failed = false;
await Promise.all(
  Array.from({ length: Math.min(availableParallelism(), CHECKS.length) }, async () => {
    for (let check = waiting.shift(); check; check = waiting.shift()) {
      const { ok, said } = await run(check);
      if (ok) continue;
      failed = true;
      process.stderr.write(`${check.join(" ")}:\n${said}\n`);
    }
  }),
);
process.exitCode = failed ? 1 : 0;
