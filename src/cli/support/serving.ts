/** What `serve` and `studio` have in common: their options, and a service that runs until it is told to stop. */
import { availableParallelism, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { FILE_LIMITS, readForeign } from "../../base/files/index.ts";
import { parseKey } from "../../people/gallery/index.ts";
import { locatorChoice, type Service, type ServiceOptions, serveUntil } from "../../serve/service/index.ts";
import type { Io } from "./io.ts";
import { version } from "./io.ts";
import { addModelOption, existing, threadCount, wholeNumber } from "./options.ts";
import type { Output } from "./output.ts";
import { memoryOption } from "./place.ts";

export interface ServingOptions {
  readonly model: string;
  readonly host: string;
  readonly port: number;
  readonly detector: string;
  readonly store?: string;
  readonly galleryKey?: string;
  readonly workers: number;
  readonly memory: number;
}

/** Where the studio's pages are built to, and the results that come with this package. */
export const STUDIO = {
  folder: fileURLToPath(new URL("../../../dist/studio", import.meta.url)),
  results: fileURLToPath(new URL("../../../results", import.meta.url)),
} as const;

export function addServingOptions(command: Command): Command {
  return addModelOption(command.optionsGroup("Model and gallery:"))
    .option("--detector <choice>", '"default", "none", or the file of a YuNet net', "default")
    .option(
      "--store <place>",
      "the gallery of known people: an SQLite file, postgres://user@host/database, or memory:",
    )
    .option("--gallery-key <file>", "a file with the key that encrypts the gallery", existing)
    .optionsGroup("Machine:")
    .option("--workers <n>", "pictures answered at a time", threadCount, availableParallelism())
    .addOption(memoryOption(totalmem() / 4, "a quarter of this machine's"))
    .optionsGroup("Network:")
    .option("--host <name>", "the address to listen at; beyond loopback an API key is needed", "127.0.0.1")
    .option("--port <n>", "the port, 0 for any that is free", wholeNumber(0, 65_535), 8010);
}

/** What both commands pass on; `gallery` is where people are kept unless something else was said. */
export async function servingOf(options: ServingOptions, gallery: string) {
  const { model, host, port, galleryKey, workers, memory } = options;
  return {
    version: version(),
    model,
    host,
    port,
    workers,
    gallery: options.store ?? gallery,
    galleryMemory: memory,
    ...(galleryKey && {
      galleryKey: parseKey((await readForeign(galleryKey, FILE_LIMITS.small)).toString("utf8")),
    }),
    locator: locatorChoice(options.detector),
    logger: { level: "error", stream: process.stderr },
  } satisfies Partial<ServiceOptions>;
}

/** Serves until Ctrl-C or SIGTERM, which is how a service ends, then finishes what was accepted. */
export async function serveUntilStopped(
  options: ServiceOptions,
  { interrupt }: Io,
  output: Output,
  onStart: (service: Service) => void,
): Promise<void> {
  output.note(`opening ${options.model}`);
  await serveUntil(interrupt, options, onStart);
  output.note("stopped; everything that was accepted is finished");
}
