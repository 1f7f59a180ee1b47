/**
 * Run with the library of faults.c preloaded: `run.ts LIBRARY FOLDER errors` fails each write of each act once, with
 * both kinds of errors, and prints what was wrong; `run.ts LIBRARY FOLDER kill ACT NTH` is killed at one write.
 */
import { ACTS, type Act, type ActName, folderFor, type Outcome } from "./acts.ts";
import { type Fault, openFaults } from "./faults.ts";

const [library, root, mode, actName, nth] = process.argv.slice(2);
const faults = openFaults(library);

/** Fails the `nth` write of the act; undefined when it has no so many. */
async function failOnce(act: Act, folder: string, { fault, nth }: { fault: Fault; nth: number }) {
  await act.prepare(folder);
  faults.arm(nth, fault, folder);
  let outcome: Outcome = "done";
  try {
    await act.act(folder);
  } catch {
    outcome = "refused";
  }
  const fired = faults.fired();
  faults.disarm();
  return fired ? { outcome, wrong: await act.wrong(folder, outcome).catch(String) } : undefined;
}

async function failAll() {
  const points: Record<string, number> = {};
  const failures: string[] = [];
  for (const [name, act] of Object.entries<Act>(ACTS)) {
    for (const fault of ["full", "broken"] as const) {
      for (let nth = 1; ; nth++) {
        const folder = await folderFor(root, `${name} ${fault} ${nth}`);
        const failed = await failOnce(act, folder, { fault, nth });
        if (!failed) break;
        points[name] = (points[name] ?? 0) + 1;
        if (failed.wrong !== undefined) failures.push(`${name}, write ${nth}, ${fault}: ${failed.wrong}`);
      }
    }
  }
  process.stdout.write(JSON.stringify({ points, failures }));
}

if (mode === "errors") await failAll();
else {
  const act: Act = ACTS[actName as ActName];
  await act.prepare(root);
  faults.arm(Number(nth), "kill", root);
  await act.act(root);
  process.stdout.write("not killed"); // it has fewer writes
}
