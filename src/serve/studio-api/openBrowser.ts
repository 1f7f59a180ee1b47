/** The studio in front of who started it. */
import { spawn } from "node:child_process";

/** Shows `url` in the browser of this machine's user, if there is one; who has none reads the address. */
export function openBrowser(url: string): void {
  const [program, ...args] =
    process.platform === "darwin"
      ? ["open"]
      : process.platform === "win32"
        ? ["cmd", "/c", "start", ""]
        : ["xdg-open"];
  spawn(program, [...args, url], { stdio: "ignore", detached: true })
    .on("error", () => {})
    .unref();
}
