/** Method and address of every operation of the studio under /api/v1; plain data, for its pages, too. */
import type { Endpoint } from "../service/client.ts";

export const STUDIO_ADDRESSES = {
  studio: ["GET", "/studio"],
  studioPeople: ["GET", "/studio/people"],
  compare: ["POST", "/studio/compare"],
  occlude: ["POST", "/studio/occlude"],
  explain: ["POST", "/studio/explain"],
  gradients: ["POST", "/studio/gradients"],
  rates: ["GET", "/studio/rates"],
  photo: ["POST", "/studio/photo"],
  group: ["POST", "/studio/group"],
  cards: ["GET", "/studio/gallery"],
  personFaces: ["GET", "/studio/gallery/:person"],
  neurons: ["GET", "/studio/neurons"],
  neuron: ["GET", "/studio/neurons/:neuron"],
  personPattern: ["GET", "/studio/people/:person/pattern"],
  map: ["GET", "/studio/map"],
  training: ["GET", "/studio/training"],
  runs: ["GET", "/studio/runs"],
  startRun: ["POST", "/studio/runs"],
  stopRun: ["POST", "/studio/runs/stop"],
  resumeRun: ["POST", "/studio/runs/resume"],
  work: ["GET", "/studio/work"],
  workFailures: ["GET", "/studio/work/failures"],
  paper: ["GET", "/studio/paper"],
} as const satisfies Record<string, Endpoint>;
