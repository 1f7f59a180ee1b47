/** `deepid serve`: the recognizer and its gallery over HTTP; `deepid studio`: pages to look inside, in a browser here. */
import { join } from "node:path";
import type { Command } from "commander";
import { InputError } from "../../base/errors/index.ts";
import { paragraph } from "../../base/text/index.ts";
import { SERVICE_LIMITS, startedText } from "../../serve/service/index.ts";
import { checkRuns, openBrowser, studioApi } from "../../serve/studio-api/index.ts";
import { addExamples, setAction } from "../support/command.ts";
import type { Io } from "../support/io.ts";
import { existing, wholeNumber } from "../support/options.ts";
import type { Output } from "../support/output.ts";
import {
  addServingOptions,
  type ServingOptions,
  STUDIO,
  serveUntilStopped,
  servingOf,
} from "../support/serving.ts";

interface ServeOptions extends ServingOptions {
  readonly data: string;
  readonly keys?: string;
  readonly audit: boolean;
  readonly allowOrigin?: string[];
  readonly trustProxy?: string[];
  readonly tlsCertificate?: string;
  readonly tlsKey?: string;
  readonly studio?: boolean;
  readonly maxBytes: number;
  readonly maxPixels: number;
  readonly maxFaces: number;
  readonly requestsPerMinute: number;
  readonly queue: number;
}

/** Where the service keeps what it must not forget. */
export const DATA_FOLDER = "deepid-data";

/** `deepid serve`: the recognizer and its gallery over HTTP. */
export function addServe(program: Command, io: Io): void {
  const command = program
    .command("serve")
    .summary("verify, identify and search over HTTP")
    .description(paragraph`
      Serves the recognizer and a gallery under /api/v1, described at /api/v1/docs. On loopback it is open to
      this machine's users until there is a key; beyond loopback it does not start without one.
    `)
    .option(
      "--data <folder>",
      "where gallery, keys and audit log are, unless other options say so",
      DATA_FOLDER,
    )
    .option("--keys <file>", "API keys (default: keys.json of the data folder)")
    .option("--no-audit", "keep no audit log");
  addServingOptions(command);
  command
    .option("--allow-origin <origin...>", "pages that may call from a browser, like https://photos.example")
    .option("--trust-proxy <address...>", "proxies whose X-Forwarded-For is believed, like 10.0.0.0/8")
    .option("--tls-certificate <file>", "serve HTTPS with this certificate", existing)
    .option("--tls-key <file>", "and its key", existing)
    .option("--studio", "serve the studio's pages, too")
    .optionsGroup("Limits:")
    .option("--max-bytes <n>", "of one picture", wholeNumber(1), SERVICE_LIMITS.maxBytes)
    .option("--max-pixels <n>", "of one picture", wholeNumber(1), SERVICE_LIMITS.maxPixels)
    .option("--max-faces <n>", "answered of one picture", wholeNumber(1), SERVICE_LIMITS.maxFaces)
    .option("--requests-per-minute <n>", "of one address", wholeNumber(1), SERVICE_LIMITS.requestsPerMinute)
    .option("--queue <n>", "pictures that may wait", wholeNumber(1), SERVICE_LIMITS.queue);
  addExamples(
    command,
    "deepid serve",
    "deepid key create --name shop --scope write && deepid serve --host 0.0.0.0 --tls-certificate cert.pem --tls-key key.pem",
  );
  setAction<ServeOptions>(command, io, async (_, options, output) => serve(options, io, output));
}

async function serve(options: ServeOptions, io: Io, output: Output): Promise<void> {
  const { data, audit, allowOrigin, trustProxy, tlsCertificate: certificate, tlsKey: key, studio } = options;
  const { maxBytes, maxPixels, maxFaces, requestsPerMinute, queue } = options;
  if ((certificate === undefined) !== (key === undefined)) {
    throw new InputError("serve: --tls-certificate and --tls-key go together; one alone would not encrypt");
  }
  await serveUntilStopped(
    {
      ...(await servingOf(options, join(data, "gallery.sqlite"))),
      keysFile: options.keys ?? join(data, "keys.json"),
      keysNeeded: options.keys !== undefined,
      ...(audit && { auditFile: join(data, "audit.jsonl") }),
      ...(allowOrigin && { origins: allowOrigin }),
      ...(trustProxy && { trustedProxies: trustProxy }),
      ...(certificate && key && { tls: { certificate, key } }),
      ...(studio && { extend: studioApi(STUDIO) }),
      limits: { maxBytes, maxPixels, maxFaces, requestsPerMinute, queue },
    },
    io,
    output,
    ({ url, open }) =>
      output.result({ url, docs: `${url}/api/v1/docs`, open }, startedText({ url, open, studio })),
  );
}

interface StudioOptions extends ServingOptions {
  readonly run?: string;
  readonly runs?: string;
  readonly results?: string;
  readonly paper?: string;
  readonly open: boolean;
  readonly keys?: string;
}

/** The pages ask often: a face that is covered by hand is compared many times a second. */
const REQUESTS_PER_MINUTE = 6_000;

/** `deepid studio`: the pages to look inside, in a browser on this machine. */
export function addStudio(program: Command, io: Io): void {
  const command = program
    .command("studio")
    .summary("open the studio in the browser")
    .description(paragraph`
      Opens the studio: compare two faces, cover one, keep a gallery, browse the neurons, watch a training run.
      It works offline, and on synthetic people where you have no photos. The gallery lies in memory unless a
      file is given.
    `)
    .option("--run <folder>", "a training run to watch, finished or not", existing)
    .option("--runs <folder>", "training runs that the pages may start, stop and resume; here alone")
    .option("--results <folder>", "results of your own to set beside the paper's", existing)
    .option("--paper <file>", "an HTML page to show beside them, as from deepid reproduce", existing)
    .option("--no-open", "do not open a browser")
    .option("--keys <file>", "API keys: the pages then ask for one");
  addServingOptions(command);
  addExamples(
    command,
    "deepid studio",
    "deepid studio --run runs/mine --store people.sqlite",
    "deepid studio --runs runs/",
  );
  setAction<StudioOptions>(command, io, async (_, options, output) => {
    const { run, runs, results, paper, open, keys } = options;
    if (runs !== undefined) checkRuns(runs, options.host);
    await serveUntilStopped(
      {
        ...(await servingOf(options, "memory:")),
        ...(keys && { keysFile: keys, keysNeeded: true }),
        limits: { requestsPerMinute: REQUESTS_PER_MINUTE },
        extend: studioApi({ ...STUDIO, ...(results && { results }), run, runs, paper }),
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
