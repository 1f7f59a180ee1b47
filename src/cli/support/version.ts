/** The version of this package: its package.json lies three folders up from the sources and from what they compile to. */
import { readFileSync } from "node:fs";

export function version(): string {
  const text = readFileSync(new URL("../../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
