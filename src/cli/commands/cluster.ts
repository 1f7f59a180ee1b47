/** `deepid cluster`: the faces in photos, grouped by person. */
import { type Command, InvalidArgumentError } from "commander";
import { InputError } from "../../base/errors/index.ts";
import { checkWritable, writeFileAtomic, writingTo } from "../../base/files/index.ts";
import { CLUSTER_DEFAULTS } from "../../matching/cluster/index.ts";
import { groupsData, groupsTable, groupsText, registrationText } from "../../people/recognizer/index.ts";
import { addExamples, setAction } from "../support/command.ts";
import type { Io } from "../support/io.ts";
import { addEngineOptions, addModelOption, existing } from "../support/options.ts";
import type { OutputOptions } from "../support/output.ts";
import { PHOTOS_ARGUMENT } from "../support/photoQuestions.ts";
import { addDetectorOption, type RecognizerChoice, withRecognizer } from "../support/photos.ts";
import { addStoreOption, galleryAt, type StoreOptions } from "../support/place.ts";

interface ClusterOptions extends RecognizerChoice, OutputOptions, StoreOptions {
  readonly threshold: number;
  readonly csv?: string;
  readonly html?: string;
  readonly enroll?: string;
  readonly thumbnail?: boolean;
}

export function addCluster(program: Command, io: Io): void {
  const command = program
    .command("cluster")
    .summary("group the faces in photos by person")
    .description(
      "Finds every face in the photos and groups the faces by person, without a gallery. To name the groups: write them with --csv, " +
        'fill in the column "name" (one row of a group is enough; rows may be deleted), and run it on the same photos with ' +
        "--enroll. Photos that cannot be read are skipped and listed at the end (exit code 3).",
    )
    .argument("[photos...]", PHOTOS_ARGUMENT[1])
    .option(
      "--threshold <nats>",
      "groups are merged above this score; higher gives purer and smaller groups",
      finite,
      CLUSTER_DEFAULTS.threshold,
    )
    .option(
      "--enroll <file>",
      "enroll the groups that have a name in this table; without photos: of a gallery's faces",
      existing,
    )
    .option("--thumbnail", "with --enroll: also store the aligned faces")
    .optionsGroup("Files:")
    .option("--csv <file>", "also write the groups as a table, a row for each face")
    .option("--html <file>", "also write a page that shows the faces of each group");
  addEngineOptions(addDetectorOption(addStoreOption(addModelOption(command))));
  addExamples(
    command,
    "deepid cluster holiday/ --html groups.html --csv groups.csv",
    "deepid cluster holiday/ --enroll groups.csv --store people.sqlite",
  );
  setAction<ClusterOptions>(command, io, async (args, options, output) => {
    const photos = args.flat();
    const { threshold, csv, html, enroll, thumbnail } = options;
    if (enroll !== undefined && (csv !== undefined || html !== undefined)) {
      throw new InputError("cluster: --enroll groups nothing; leave out --csv and --html");
    }
    if (photos.length === 0 && enroll === undefined) throw new InputError("cluster: give photos");
    if (enroll !== undefined) {
      const onProgress = output.stage("registering");
      const how = { thumbnail, onProgress, signal: io.interrupt };
      const place = galleryAt(options, { io, output }, { create: photos.length > 0 });
      const { passedOver, ...done } = await withRecognizer(
        options,
        (faces) => (photos.length > 0 ? faces.registerGroups(photos, enroll, how) : faces.nameGroups(enroll)),
        place,
      );
      passedOver.forEach(output.passedOver);
      return output.result(done, registrationText(done));
    }
    for (const file of [csv, html]) if (file !== undefined) checkWritable(file, "file");
    const { stage, signal } = output;
    const how = { stage, signal, threshold, crops: html !== undefined };
    const found = await withRecognizer(options, (faces) => faces.cluster(photos, how));
    found.passedOver.forEach(output.passedOver);
    const write = (file: string, text: string) => writingTo(file, () => writeFileAtomic(file, text));
    if (csv !== undefined) await write(csv, groupsTable(found));
    if (html !== undefined) await write(html, (await import("../../lab/report/index.ts")).groupsPage(found));
    output.result(groupsData(found), groupsText(found));
  });
}

function finite(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value)) return value;
  throw new InvalidArgumentError("A number is needed.");
}
