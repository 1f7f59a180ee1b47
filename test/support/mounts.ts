/** Small and read-only disks for tests: in a process with mounts of its own, which end with it. */
import { execFileSync } from "node:child_process";

/** The words before a command that has mounts of its own. */
const ALONE = ["unshare", "--user", "--map-root-user", "--mount"];

/** Whether this machine lets us mount. */
export const canMount = (() => {
  try {
    execFileSync(ALONE[0], [...ALONE.slice(1), "mount", "-t", "tmpfs", "none", "/mnt"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

/** The words that run `script` in bash with mounts of its own; `command` is "$@" there. */
export const withMounts = (script: string, command: readonly string[]): [string, string[]] => [
  ALONE[0],
  [...ALONE.slice(1), "bash", "-c", script, "-", ...command],
];
