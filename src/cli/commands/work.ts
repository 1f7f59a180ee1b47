/** `deepid work`: imports that workers on several machines share. */
import type { Command } from "commander";
import { openFinder, openRecognizer } from "../../people/recognizer/index.ts";
import {
  addJobs,
  type JobsToAdd,
  jobText,
  statusText,
  work,
  workedText,
  workStatus,
} from "../../people/work/index.ts";
import { addExamples, setAction } from "../support/command.ts";
import type { Io } from "../support/io.ts";
import {
  addEngineOptions,
  addModelOption,
  type EngineOptions,
  existing,
  wholeNumber,
} from "../support/options.ts";
import { galleryAt, keyFrom, postgresUrl, type StoreOptions } from "../support/place.ts";

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
      const worked = await work(recognizer, store, {
        ...keyFrom(io),
        finder,
        untilEmpty,
        signal: io.interrupt,
        onJob: (done) => output.note(jobText(done)),
        forPhotos: () => openRecognizer({ model, provider, threads, locator: options.detector }),
      });
      output.result(worked, workedText(worked));
    } finally {
      await finder.release();
    }
  });
}

function addAdd(parent: Command, io: Io): void {
  const command = parent
    .command("add")
    .summary("put a folder of people, photos to cluster, or a change of model into the queue")
    .description(
      "Splits an import into jobs of a few pictures each. Every worker must reach the pictures under the same path. " +
        "With --model: extracts the stored aligned faces for another model, to which the gallery then changes over (see " +
        "`deepid gallery change-model`).",
    )
    .argument("[people]", "a folder of people (person/photo.jpg), or a zip of one", existing)
    .requiredOption(...STORE)
    .option("--landmarks <file>", "landmarks of every picture, in place of detection", existing)
    .option("--aligned", "the pictures show aligned faces and nothing else")
    .option("--thumbnail", "keep the aligned faces as pictures")
    .option("--pictures <n>", "pictures of one job (default: 16; with --model 256)", wholeNumber(1))
    .option("--expire-seconds <n>", "then a job goes to another worker (default: 300)", wholeNumber(1))
    .option("--cluster <file>", "group the faces in these photos, or in the gallery, and write the table")
    .option("--person <name>", "with --cluster, without photos: only the faces under this name")
    .option("--model <model>", "the gallery's next model, by name or folder")
    .option(
      "--leave-out",
      "with --model: erase faces that cannot be extracted, instead of refusing the change",
    );
  addExamples(
    command,
    "deepid work add /photos/people --store postgres://postgres@db1/faces",
    "deepid work add /photos/holiday --cluster /photos/groups.csv --store postgres://postgres@db1/faces",
    "deepid work add --cluster groups.csv --person unknown --store postgres://postgres@db1/faces",
    "deepid work add --model regions --store postgres://postgres@db1/faces",
  );
  setAction<StoreOptions & Omit<JobsToAdd, "people">>(command, io, async ([people], options, output) => {
    const { added, text, passedOver } = await addJobs(options.store, {
      ...options,
      ...keyFrom(io),
      people,
      onWithoutPicture: output.note,
    });
    passedOver.forEach(output.passedOver);
    output.result(added, text);
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
