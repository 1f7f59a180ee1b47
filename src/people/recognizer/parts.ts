/** What a recognizer's methods work with. */

import type { FaceSystem } from "../../nets/net/index.ts";
import type { Eyes } from "../answers/index.ts";
import type { Gallery } from "../gallery/index.ts";
import type { AttributeReader } from "./attributes.ts";

export interface Parts {
  readonly system: FaceSystem;
  readonly eyes: Eyes;
  readonly gallery: Gallery | undefined;
  readonly attributes: AttributeReader | undefined;
}

/** The same with a gallery of known people. */
export type Known = Parts & { readonly gallery: Gallery };
