/** Of composed group photos: faces that the default detector found, by pixels between the eyes. */
import { z } from "zod";

const Detection = z.object({
  groups: z.array(z.object({ eyes: z.number(), faces: z.number(), found: z.number(), ms: z.number() })),
});

export function detectionNumbers(read: (path: string) => unknown): Record<string, () => string> {
  const groups = () => Detection.parse(read("results/detection.json")).groups;
  const of = (eyes: number) => groups().find((group) => group.eyes === eyes)!;
  return {
    "detection-faces": () => String(of(12).faces),
    "detection-12": () => String(of(12).found),
    "detection-8": () => String(of(8).found),
    "detection-ms": () => {
      const seconds = groups().map(({ ms }) => ms / 1000);
      return `${Math.min(...seconds).toFixed(1)} to ${Math.max(...seconds).toFixed(1)} s`;
    },
  };
}
