/** The process of foreignTrial.ts: takes one net, answers once. */
import { DataError } from "../../base/errors/index.ts";
import { cropsForTrial, type FaceNet, tryNet } from "../net/index.ts";
import type { ForeignNet, TrialAnswer, Tried } from "./foreignTrial.ts";
import { openImportedNet } from "./openNet.ts";

process.once("message", async (message) => {
  const answer = (what: TrialAnswer) => process.send!(what, () => process.exit(0));
  try {
    answer({ tried: await tried(message as ForeignNet) });
  } catch (error) {
    answer({ wrong: (error as Error).message, isData: error instanceof DataError });
  }
});

async function tried({ onnx, about, output }: ForeignNet): Promise<Tried> {
  const net = await openImportedNet(onnx, about);
  const feature = outputOf(net, output, about.name);
  const trial = await tryNet(net, feature, { crops: cropsForTrial(about.region), file: about.name });
  return { feature, length: net.activations.get(feature)!, trial };
}

/** The output that is asked for, or the last one. */
function outputOf({ activations }: FaceNet, wanted: string | undefined, file: string): string {
  const names = [...activations.keys()];
  const name = wanted ?? names.at(-1);
  if (name !== undefined && names.includes(name)) return name;
  throw new DataError(
    `${file}: has no output ${name ?? "of one row a face"}; there are ${names.join(", ") || "none"}`,
  );
}
