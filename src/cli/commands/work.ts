/** `deepid work`: imports that workers on several machines share. */
import type { Command } from "commander";
import { count } from "../../base/text/index.ts";
import { openFinder, openRecognizer } from "../../people/recognizer/index.ts";
import { addImport, type JobDone, jobText, statusText, work, workStatus } from "../../people/work/index.ts";
import { addExamples, setAction } from "../support/command.ts";
import type { Io } from "../support/io.ts";
import {
  addEngineOptions,
  addModelOption,
  type EngineOptions,
  existing,
  wholeNumber,
} from "../support/options.ts";
import { galleryAt, postgresUrl, type StoreOptions } from "../support/place.ts";

const STORE = [
  "--store <url>",
  "the gallery: postgres://user:password@host:port/database",
  postgresUrl,
] as const;

export function addWork(program: Command, io: Io): void {
  const command = program
    .command("work")
    .summary("import on several machines")
    .description(
      "Imports pictures with workers on any number of machines: `deepid work add` queues a folder in the gallery's PostgreSQL database, " +
        "`deepid work` takes jobs from the queue. Workers may be killed at any time: another one takes over the job, " +
        "and every picture is added once.",
    );
  addRun(command, io);
  addAdd(command, io);
  addStatus(command, io);
  addExamples(
    command,
    "deepid work add people/ --store postgres://postgres@db1/faces",
    "deepid work --store postgres://postgres@db1/faces",
    "deepid work status --store postgres://postgres@db1/faces",
  );
}

interface RunOptions extends EngineOptions, StoreOptions {
  readonly model: string;
  readonly detector?: string;
  readonly untilEmpty?: boolean;
}

function addRun(parent: Command, io: Io): void {
  const command = parent
    .command("run", { isDefault: true })
    .summary("take jobs, one after the other (also without the word run)")
    .requiredOption(...STORE)
    .option("--detector <file>", "a YuNet net of your own in place of the default detector", existing)
    .option("--until-empty", "exit when the queue is empty, instead of waiting for more");
  addEngineOptions(addModelOption(command));
  setAction<RunOptions>(command, io, async (_, options, output) => {
    const { model, provider, threads, store, untilEmpty } = options;
    await using recognizer = await openRecognizer({
      model,
      provider,
      threads,
      locator: null, // opened with the first picture that needs it
      gallery: galleryAt(options, { io, output }, { create: true }),
    });
    const finder = await openFinder(options.detector);
    try {
      const onJob = (done: JobDone) => output.note(jobText(done));
      const worked = await work(recognizer, store, { finder, untilEmpty, signal: io.interrupt, onJob });
      output.result(
        worked,
        `${count(worked.jobs)} jobs: ${count(worked.added)} pictures added, ${count(worked.known)} there already, ` +
          `${count(worked.passedOver)} skipped; ${count(worked.failed)} jobs failed`,
      );
    } finally {
      await finder.release();
    }
  });
}

interface AddOptions extends StoreOptions {
  readonly aligned?: boolean;
  readonly landmarks?: string;
  readonly thumbnail?: boolean;
  readonly pictures?: number;
  readonly expireSeconds?: number;
}

function addAdd(parent: Command, io: Io): void {
  const command = parent
    .command("add")
    .summary("put a folder of people into the queue")
    .description(
      "Splits an import into jobs of a few pictures each. Every worker must reach the pictures under the same path.",
    )
    .argument("<people>", "a folder of people (person/photo.jpg), or a zip of one", existing)
    .requiredOption(...STORE)
    .option("--landmarks <file>", "landmarks of every picture, in place of detection", existing)
    .option("--aligned", "the pictures show aligned faces and nothing else")
    .option("--thumbnail", "keep the aligned faces as pictures")
    .option("--pictures <n>", "pictures of one job (default: 16)", wholeNumber(1))
    .option(
      "--expire-seconds <n>",
      "after this time a worker counts as dead, and its job goes to another (default: 300)",
      wholeNumber(1),
    );
  addExamples(command, "deepid work add /photos/people --store postgres://postgres@db1/faces");
  setAction<AddOptions>(command, io, async ([people], options, output) => {
    const { store, aligned, landmarks, thumbnail, pictures, expireSeconds } = options;
    const how = { aligned, landmarks, thumbnail, pictures, expireSeconds };
    const { passedOver, ...added } = await addImport(store, people, how);
    for (const { reason } of passedOver) output.passedOver(reason);
    output.result(added, `${count(added.pictures)} pictures in ${count(added.jobs)} jobs are waiting`);
  });
}

function addStatus(parent: Command, io: Io): void {
  const command = parent
    .command("status")
    .summary("progress, and what failed")
    .requiredOption(...STORE);
  addExamples(command, "deepid work status --store postgres://postgres@db1/faces --json");
  setAction<StoreOptions>(command, io, async (_, { store }, output) => {
    const status = await workStatus(store);
    output.result(status, statusText(status));
  });
}
