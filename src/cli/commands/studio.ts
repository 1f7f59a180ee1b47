/** `deepid studio`: the pages to look inside, in a browser on this machine. */
import { spawn } from "node:child_process";
import type { Command } from "commander";
import { studioApi } from "../../serve/studio-api/index.ts";
import type { Io } from "../support/io.ts";
import { addExamples, existing, setAction } from "../support/options.ts";
import {
  addServingOptions,
  type ServingOptions,
  STUDIO,
  serveUntilStopped,
  servingOf,
} from "../support/serving.ts";

interface StudioOptions extends ServingOptions {
  readonly run?: string;
  readonly results?: string;
  readonly paper?: string;
  readonly open: boolean;
  readonly keys?: string;
}

/** The pages ask often: a face that is covered by hand is compared many times a second. */
const REQUESTS_PER_MINUTE = 6_000;

export function addStudio(program: Command, io: Io): void {
  const command = program
    .command("studio")
    .summary("look inside, in the browser")
    .description(
      "Opens the studio: compare two faces, cover one, keep a gallery, browse the neurons, watch a training run. It " +
        "works offline, and on synthetic people where you have no photos. The gallery lies in memory unless a file is given.",
    )
    .option("--run <folder>", "a training run to watch, finished or not", existing)
    .option("--results <folder>", "results of your own to set beside the paper's", existing)
    .option("--paper <file>", "an HTML page to show beside them, as from deepid reproduce", existing)
    .option("--no-open", "do not open a browser")
    .option("--keys <file>", "API keys: the pages then ask for one");
  addServingOptions(command);
  addExamples(command, "deepid studio", "deepid studio --run runs/mine --store people.sqlite");
  setAction<StudioOptions>(command, io, async (_, options, output) => {
    const { run, results, paper, open, keys } = options;
    await serveUntilStopped(
      {
        ...(await servingOf(options, "memory:")),
        ...(keys && { keysFile: keys, keysNeeded: true }),
        limits: { requestsPerMinute: REQUESTS_PER_MINUTE },
        extend: studioApi({ ...STUDIO, ...(results && { results }), run, paper }),
      },
      io,
      output,
      ({ url }) => {
        output.result({ url }, `the studio is at ${url}; Ctrl-C ends it`);
        if (open && io.terminal) openBrowser(url);
      },
    );
  });
}

/** Shows `url` in the browser of this machine's user, if there is one; who has none reads the address. */
function openBrowser(url: string): void {
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
