/** `deepid gallery change-model`: another model for a gallery that stays in use. */
import type { Command } from "commander";
import { InputError } from "../../../base/errors/index.ts";
import { paragraph } from "../../../base/text/index.ts";
import { cancelChange, damageSkipped } from "../../../people/gallery/index.ts";
import { changedText, changeModel, withoutPictureText } from "../../../people/recognizer/index.ts";
import { addExamples, setAction } from "../../support/command.ts";
import type { Io } from "../../support/io.ts";
import { addStoreOption, keyFrom, type StoreOptions, withStore } from "../../support/place.ts";

interface ChangeOptions extends StoreOptions {
  readonly leaveOut?: boolean;
  readonly cancel?: boolean;
}

export function addChangeModel(gallery: Command, io: Io): void {
  const command = gallery
    .command("change-model")
    .summary("extract all faces anew for another model")
    .description(paragraph`
      Extracts the stored aligned faces (--thumbnail) for another model while the gallery stays in use, then changes
      over in one moment. An interrupted change resumes. \`deepid work add --model\` does it with several workers.
    `)
    .argument("[model]", "a model by name, or its folder")
    .option("--leave-out", "erase faces that cannot be extracted, instead of refusing the change")
    .option("--cancel", "give up a change that is under way: the gallery keeps its model");
  addStoreOption(command);
  addExamples(
    command,
    "deepid gallery change-model regions",
    "deepid gallery change-model --cancel --store people.sqlite",
  );
  setAction<ChangeOptions>(command, io, async ([model], options, output) => {
    const { leaveOut, cancel } = options;
    if ((model === undefined) !== Boolean(cancel))
      throw new InputError("change-model: give a model, or --cancel");
    await withStore(options, io, async (store) => {
      if (cancel) {
        await cancelChange(store);
        return output.result({ place: store.place, cancelled: true }, `${store.place} keeps its model`);
      }
      const done = await changeModel(store, model, {
        ...keyFrom(io),
        leaveOut,
        onWithoutPicture: (faces) => output.note(withoutPictureText(faces)),
        onProgress: output.stage("extracting"),
        signal: io.interrupt,
      });
      for (const { id: face, reason } of done.useless)
        output.passedOver(damageSkipped(store.place, { face, reason }));
      output.result(done, changedText(done));
    });
  });
}
