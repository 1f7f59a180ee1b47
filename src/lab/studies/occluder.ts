/** Cut-out things before the face, masks and glasses, hands and cups: occlusion as it happens. Beyond the paper. */
import { InputError } from "../../base/errors/index.ts";
import { type Occluder, similarityFrom, TEMPLATE } from "../../faces/face/index.ts";
import { type Image, invert } from "../../faces/image/index.ts";
import type { Corruption } from "./corruption.ts";

/**
 * Each picture gets one of the occluders of a kind, drawn at its landmarks; kinds stand at levels 1, 2, ... in the
 * order of `kinds`, so that each is measured apart.
 */
export function realisticOcclusion(
  occluders: readonly Occluder[],
): Corruption & { readonly kinds: readonly string[] } {
  const kinds = [...new Set(occluders.map(({ kind }) => kind))].sort();
  if (kinds.length === 0) throw new InputError("corruption: needs at least one occluder, got none");
  const layers = kinds.map((kind) => occluders.filter((of) => of.kind === kind).map(toFrame));
  return {
    name: "occluder",
    label: kinds.map((kind, k) => `${k + 1} ${kind.replaceAll("_", " ")}`).join(", "),
    levels: kinds.map((_, k) => k + 1),
    kinds,
    apply(face, level, rng) {
      const choice = layers[level - 1];
      if (!choice)
        throw new InputError(`corruption: occluders have kinds 1 to ${kinds.length}, got ${level}`);
      lay(choice[rng.integer(choice.length)], face);
    },
  };
}

/** The occluder drawn into the aligned frame: RGB times alpha, and alpha, [104, 88, 4]. */
function toFrame({ name, width, height, pixels, anchors }: Occluder): Float32Array {
  const known = anchors.flatMap((anchor, i) => (anchor ? [{ anchor, target: TEMPLATE.landmarks[i] }] : []));
  if (known.length < 2) throw new InputError(`${name}: needs two anchors or more, got ${known.length}`);
  const back = invert(
    similarityFrom(
      known.map(({ anchor }) => anchor),
      known.map(({ target }) => target),
    ),
  );
  const grid = Math.min(16, Math.max(1, Math.ceil(Math.hypot(back.a, back.b))));
  const frame = new Float32Array(TEMPLATE.width * TEMPLATE.height * 4);
  for (let y = 0; y < TEMPLATE.height * grid; y++) {
    for (let x = 0; x < TEMPLATE.width * grid; x++) {
      const [outX, outY] = [(x + 0.5) / grid, (y + 0.5) / grid];
      const column = Math.floor(back.a * outX - back.b * outY + back.shiftX);
      const row = Math.floor(back.b * outX + back.a * outY + back.shiftY);
      if (!(column >= 0 && column < width && row >= 0 && row < height)) continue;
      const from = (row * width + column) * 4;
      const to = (Math.floor(outY) * TEMPLATE.width + Math.floor(outX)) * 4;
      const alpha = pixels[from + 3] / 255 / grid ** 2;
      for (let channel = 0; channel < 3; channel++) frame[to + channel] += pixels[from + channel] * alpha;
      frame[to + 3] += alpha;
    }
  }
  return frame;
}

function lay(layer: Float32Array, { pixels }: Image): void {
  for (let i = 0; i < pixels.length / 3; i++) {
    const clear = 1 - layer[4 * i + 3];
    if (clear >= 1) continue;
    for (let channel = 0; channel < 3; channel++) {
      pixels[3 * i + channel] = Math.round(layer[4 * i + channel] + clear * pixels[3 * i + channel]);
    }
  }
}
