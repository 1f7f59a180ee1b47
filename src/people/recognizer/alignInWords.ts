/** What was found in photos and cut out of them, in words. */
import { count } from "../../base/text/index.ts";
import { cutText } from "../answers/index.ts";
import type { AlignedPhoto, AlignOutcome } from "./alignPhotos.ts";

/** A line for each photo that could be used. */
export const alignedText = (outcomes: readonly AlignOutcome[]): string =>
  outcomes
    .flatMap((one) => {
      if ("error" in one) return [];
      const files = one.files.length > 0 ? ` -> ${one.files.join(", ")}` : "";
      return `${one.photo}: ${describe(one.faces)}${files}`;
    })
    .join("\n");

function describe(faces: AlignedPhoto["faces"]): string {
  if (faces.length === 0) return "no face";
  const found = faces.length === 1 ? "one face" : `${count(faces.length)} faces, the largest first`;
  const each = faces.map(({ score, cutOff, unfit }, i) => {
    const cut = cutText(cutOff);
    return `${i}: ${score.toFixed(2)}${cut && `, ${cut}`}${unfit === null ? "" : `, ${unfit.replaceAll("-", " ")}`}`;
  });
  return `${found}; ${each.join("; ")}`;
}
