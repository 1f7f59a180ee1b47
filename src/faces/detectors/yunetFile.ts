/** Bring your own detector: a YuNet ONNX file, run by our engine. */
import { FILE_LIMITS, readForeign } from "../../base/files/index.ts";
import { createSession } from "../../math/engine/index.ts";
import { describeModel, refuseEndless } from "../../math/graph/index.ts";
import type { SessionOptions } from "../../math/session/index.ts";
import type { FaceLocator } from "../locate/index.ts";
import { yunetLocator } from "../locate/index.ts";

export interface YunetOptions extends SessionOptions {
  /** Faces with a lower score are left out (default 0.6). */
  readonly minScore?: number;
}

/** Opens a YuNet file; DataError where it is another kind of net. */
export async function openYunetLocator(
  path: string,
  { minScore, ...options }: YunetOptions = {},
): Promise<FaceLocator> {
  const bytes = await readForeign(path, FILE_LIMITS.net);
  refuseEndless(describeModel(bytes, path), path);
  const session = await createSession(bytes, { constantWeights: true, ...options }, path);
  return yunetLocator(session, path, minScore);
}
