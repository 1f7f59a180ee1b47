/** `deepid inspect`: what is this file or folder? */

import type { Command } from "commander";
import { columns } from "../../../base/text/index.ts";
import { inspectPath } from "../../../lab/inspection/index.ts";
import type { Io } from "../../support/io.ts";
import { addExamples, existing, setAction } from "../../support/options.ts";
import type { OutputOptions } from "../../support/output.ts";

export function addInspect(program: Command, io: Io): void {
  const command = program
    .command("inspect")
    .summary("what is this file or folder?")
    .description(
      "Describes the folder of a model, a system of models or a run, an ONNX net, a file of features or any safetensors " +
        "file, and checks that it is whole.",
    )
    .argument("<path>", "the file or folder", existing);
  addExamples(
    command,
    "deepid inspect models/whole-face",
    "deepid inspect models/regions",
    "deepid inspect runs/mine --json",
  );
  setAction<OutputOptions>(command, io, async ([path], _, output) => {
    const { kind, data, rows } = await inspectPath(path);
    output.result({ kind, path, ...data }, columns([["kind", kind], ...rows]));
  });
}
