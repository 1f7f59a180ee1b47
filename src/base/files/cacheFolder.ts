import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/** Where this program keeps what it can make again: in $XDG_CACHE_HOME or ~/.cache, as desktops agree on it. */
export function cacheFolder({ XDG_CACHE_HOME: base }: NodeJS.ProcessEnv = process.env): string {
  return join(base && isAbsolute(base) ? base : join(homedir(), ".cache"), "deepid2plus");
}
