/** `deepid fit-lbp`: principal components of high-dimensional LBP, the paper's baseline (Sections 6 and 7). */

import type { Command } from "commander";
import { checkWritable, writingTo } from "../../../base/files/index.ts";
import { createRng } from "../../../base/random/index.ts";
import { count, duration, formatPercent } from "../../../base/text/index.ts";
import { countLbp, varianceShare, writeLbpComponents } from "../../../faces/lbp/index.ts";
import { createMultiply } from "../../../math/engine/index.ts";
import { fitPca } from "../../../math/linalg/index.ts";
import { addDataOptions, type DataOptions, openFaces } from "../../support/faces.ts";
import type { Io } from "../../support/io.ts";
import {
  addEngineOptions,
  addExamples,
  type EngineOptions,
  setAction,
  wholeNumber,
} from "../../support/options.ts";
import type { OutputOptions } from "../../support/output.ts";
import { addPartOptions, type PartOptions, partOf } from "../../support/part.ts";

interface FitLbpOptions extends DataOptions, PartOptions, EngineOptions, OutputOptions {
  readonly out: string;
  readonly components: number;
  readonly seed: number;
}

export function addFitLbp(program: Command, io: Io): void {
  const command = program
    .command("fit-lbp")
    .summary("principal components of LBP, the baseline")
    .description(
      "Describes pictures by high-dimensional LBP (21 template points x 5 scales x 16 cells x 59 patterns = 99,120 " +
        "numbers a face) and fits principal components, along which `deepid extract --lbp` then makes features. Holds " +
        "99 kB a face in memory, and 1.2 MB a component.",
    )
    .requiredOption("--out <file>", "where the components go, a .safetensors file")
    .option("--components <n>", "how many", wholeNumber(1), 400)
    .option("--seed <n>", "of the randomised method", wholeNumber(0), 1);
  addEngineOptions(addPartOptions(addDataOptions(command)));
  addExamples(
    command,
    "deepid fit-lbp --data celeba --images img_align_celeba.zip --identities identity_CelebA.txt " +
      "--split configs/whole-face.ts --part matching --out lbp.safetensors",
    "deepid fit-lbp --data synthetic --people 60 --components 50 --out lbp.safetensors",
  );
  setAction<FitLbpOptions>(command, io, async (_, options, output) => {
    const { out, components, seed } = options;
    checkWritable(out, "file");
    const started = io.now();
    await using open = await openFaces(options, io, output);
    const { faces, description } = await partOf(open, options);
    const signal = io.interrupt;
    const counts = await countLbp(faces, { signal, onProgress: output.stage("describing") });
    await using engine = createMultiply(options);
    const rng = createRng(seed).fork("lbp components");
    const onProgress = output.stage("fitting");
    const pca = await fitPca(counts, { components, rng, multiply: engine.multiply, signal, onProgress });
    await writingTo(out, () => writeLbpComponents(out, { pca, source: description }));
    const people = new Set(faces.identities).size;
    const kept = pca.components.rows;
    const share = varianceShare(pca);
    const seconds = Math.round((io.now() - started) / 1000);
    output.result(
      {
        out,
        components: kept,
        people,
        pictures: faces.count,
        varianceShare: share,
        faces: description,
        seconds,
      },
      `${out} holds ${count(kept)} components with ${formatPercent(share)} of the variance of ${count(faces.count)} ` +
        `pictures of ${count(people)} people, ${duration(seconds)}`,
    );
  });
}
