/** The folder of the default detector: its nets, and a card that says where they come from and lists their hashes. */
import { z } from "zod";
import { DataError, schemaProblems } from "../../base/errors/index.ts";
import type { OpenSession, SessionOptions } from "../../math/session/index.ts";
import type { FaceLocator } from "./faceLocator.ts";
import { meshLocator } from "./meshLocator.ts";

/** Files of the folder. */
export const DETECTOR_FILES = {
  card: "detector.json",
  blazeface: "blazeface.onnx",
  facemesh: "facemesh.onnx",
} as const;

const CardSchema = z.looseObject({
  format: z.literal("deepid2plus-detector"),
  version: z.literal(1),
  licence: z.string(),
  /** SHA-256 of the nets. */
  files: z.record(z.string(), z.string()),
});

/** detector.json. */
export type DetectorCard = z.infer<typeof CardSchema>;

/** Checks what a detector.json says. */
export function parseDetectorCard(json: unknown, path: string): DetectorCard {
  const parsed = CardSchema.safeParse(json);
  if (!parsed.success) throw new DataError(`${path}: not a detector's card: ${schemaProblems(parsed.error)}`);
  return parsed.data;
}

/** Opens the default detector, whose nets `read` gives, in the runtime of `open`. */
export async function openMeshLocator(
  read: (file: string) => Promise<Uint8Array>,
  open: OpenSession,
  { threads = 1, ...options }: SessionOptions = {},
): Promise<FaceLocator> {
  // One thread a picture and several pictures at a time: threads inside such small operators mostly wait for each other.
  const load = async (file: string) =>
    open(await read(file), { ...options, threads: 1, constantWeights: true }, file);
  const [blazeface, facemesh] = await Promise.allSettled([
    load(DETECTOR_FILES.blazeface),
    load(DETECTOR_FILES.facemesh),
  ]);
  if (blazeface.status === "fulfilled" && facemesh.status === "fulfilled") {
    const parallel = threads > 1 ? threads + 1 : 1; // while one picture is drawn here, the threads look at the others
    return meshLocator({ blazeface: blazeface.value, facemesh: facemesh.value, parallel });
  }
  for (const net of [blazeface, facemesh]) if (net.status === "fulfilled") await net.value.release();
  throw [blazeface, facemesh].find((net) => net.status === "rejected")?.reason;
}
