/** What a detector finds of faces that are known. */
import type { Landmarks } from "../src/faces/face/index.ts";
import { eyeDistanceOf, type FaceLocator, type LocatedFace } from "../src/faces/locate/index.ts";
import {
  drawnPortraits,
  groupScene,
  type Portrait,
  readPortraits,
  type Scene,
  turnedScene,
} from "./detectionScenes.ts";

/** Landmarks further off than this, in distances of the eyes, are of no use: the face counts as located wrongly. */
const WRONG = 0.35;
const TURNS = [0, 45, 90, 135, 180, 270];
const EYES = [8, 12, 16, 24, 48, 96];
const IN_A_GROUP = 24;

interface Counted {
  readonly faces: number;
  /** With landmarks that are right. */
  readonly found: number;
  /** With wrong ones, and not in doubt. */
  readonly wrong: number;
  /** In doubt: refused. */
  readonly refused: number;
  /** Where no face is. */
  readonly falseAlarms: number;
  /** Landmarks against those known, in distances of the eyes: the middle one and the worst of those found. */
  readonly error: { readonly median: number; readonly worst: number };
  /** Milliseconds for a photo: the middle one. */
  readonly ms: number;
}

export async function measureDetection(locator: FaceLocator, folder: string, data: string, count: number) {
  const real = await readPortraits(folder, data, count);
  const drawn = drawnPortraits(Math.min(40, count));
  await locator.locate(real[0].image); // loads it
  const turned = async (portraits: readonly Portrait[]) => {
    const rows: ({ degrees: number } & Counted)[] = [];
    for (const degrees of TURNS) {
      rows.push({
        degrees,
        ...(await counted(
          locator,
          portraits.map((one) => () => turnedScene(one, degrees)),
        )),
      });
    }
    return rows;
  };
  const groups: ({ eyes: number } & Counted)[] = [];
  for (const eyes of EYES) {
    const scenes = [0, 1].map(
      (group) => () => groupScene(real.slice(group * IN_A_GROUP, (group + 1) * IN_A_GROUP), eyes, 7 + group),
    );
    groups.push({ eyes, ...(await counted(locator, scenes)) });
  }
  return { real: await turned(real), drawn: await turned(drawn), groups };
}

async function counted(locator: FaceLocator, scenes: readonly (() => Scene)[]): Promise<Counted> {
  const errors: number[] = [];
  const times: number[] = [];
  let [faces, wrong, refused, falseAlarms] = [0, 0, 0, 0];
  for (const make of scenes) {
    const { photo, faces: known, pasted } = make();
    const start = performance.now();
    const found = await locator.locate(photo);
    times.push(performance.now() - start);
    faces += known.length;
    for (const truth of known) {
      const near = found.filter((face) => covers(face, truth));
      const best = near
        .map((face) => ({ face, error: errorOf(face.landmarks, truth) }))
        .sort((a, b) => a.error - b.error)[0];
      if (!best) continue;
      if (best.face.upright === false) refused++;
      else if (best.error > WRONG) wrong++;
      else errors.push(best.error);
    }
    falseAlarms += found.filter(({ box }) => !pasted.some((one) => holds(one, box))).length;
  }
  errors.sort((a, b) => a - b);
  times.sort((a, b) => a - b);
  const round = (value: number | undefined) => Number((value ?? 0).toFixed(4));
  return {
    faces,
    found: errors.length,
    wrong,
    refused,
    falseAlarms,
    error: { median: round(errors[errors.length >> 1]), worst: round(errors.at(-1)) },
    ms: Math.round(times[times.length >> 1]),
  };
}

const errorOf = (landmarks: Landmarks, truth: Landmarks): number =>
  landmarks.reduce((sum, { x, y }, i) => sum + Math.hypot(x - truth[i].x, y - truth[i].y), 0) /
  5 /
  eyeDistanceOf(truth);

/** Whether the middle of the known landmarks lies in the face's box. */
function covers({ box }: LocatedFace, truth: Landmarks): boolean {
  const x = truth.reduce((sum, point) => sum + point.x, 0) / 5;
  const y = truth.reduce((sum, point) => sum + point.y, 0) / 5;
  return x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height;
}

const holds = (one: Scene["pasted"][number], { x, y, width, height }: LocatedFace["box"]): boolean => {
  const [middleX, middleY] = [x + width / 2, y + height / 2];
  return middleX >= one.x && middleX <= one.x + one.side && middleY >= one.y && middleY <= one.y + one.side;
};
