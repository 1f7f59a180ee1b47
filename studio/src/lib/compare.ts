/** Two faces compared: by the service, or in this page alone. */
import { api } from "./api.ts";
import type { Compared } from "./found.ts";
import { type Chosen, packed, pixelsOf } from "./pictures.ts";

/** `here`: nothing may leave this page. */
export async function compare(
  pair: readonly Chosen[],
  here: boolean,
  signal: AbortSignal,
): Promise<Compared> {
  if (here) return (await import("../browser/recognise.ts")).compareHere(pair, signal);
  const [a, b] = pair.map(({ data }) => data);
  const { faces, verdict } = await api.compare({ a, b, aligned: true }, { signal });
  return {
    patterns: faces.map(({ pattern }) => pattern),
    verdict,
    worthOf: async (face, stop, way = "covering") => {
      const pixels = packed(await pixelsOf(pair[face]));
      const { features } = faces[1 - face];
      if (way === "gradients") return api.gradients({ pixels, features }, { signal: stop });
      return api.explain({ pixels, features, score: verdict.score }, { signal: stop });
    },
  };
}
