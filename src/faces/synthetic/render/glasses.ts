/** Glasses: rims, bridge and arms as strokes in space before the face, lenses as tinted panes. */
import { type Colour, tint } from "../colours.ts";
import type { Person } from "../person.ts";
import type { Shot } from "../shot.ts";
import { type Camera, type Pose, project } from "./camera.ts";
import { fillOutline, type Sheet, strokeLine } from "./pen.ts";
import type { Skull } from "./skull.ts";
import { clamp } from "./smooth.ts";

type Point3 = readonly [x: number, y: number, z: number];

const RIM_POINTS = 28;
const DARK: Colour = [0.012, 0.012, 0.015];
const CLEAR: Colour = [0.75, 0.8, 0.85];

/** Paints what `shot.eyewear` says over the finished face. */
export function paintGlasses(
  sheet: Sheet,
  { person, shot, skull }: { person: Person; shot: Shot; skull: Skull },
  { pose, camera }: { pose: Pose; camera: Camera },
): void {
  if (shot.eyewear === "none") return;
  const dark = shot.eyewear === "sunglasses";
  const light = 0.35 + 0.65 * shot.light.ambient;
  const pen = {
    width: person.glasses.rim * camera.scale * (dark ? 1.3 : 1),
    colour: tint(dark ? DARK : person.glasses.colour, [light, light, light]),
  };
  const toPicture = (points: readonly Point3[]) => project(Float64Array.from(points.flat()), pose, camera);
  const { rims, arms, bridge } = createFrame(person, skull);
  for (const rim of rims) {
    const outline = toPicture(rim);
    fillOutline(sheet, outline, dark ? DARK : CLEAR, dark ? 0.93 : 0.07);
    strokeLine(sheet, outline, pen);
  }
  for (const arm of arms) strokeLine(sheet, toPicture(arm), { ...pen, hidden: true });
  strokeLine(sheet, toPicture(bridge), pen);
}

/** The wire of the glasses, in head units. */
function createFrame({ eyes, glasses }: Person, skull: Skull) {
  const front = skull.point(0, eyes.y + 0.02)[2] + 0.03;
  const at = (x: number, y: number): Point3 => [x, y, front - 0.16 * x * x - 0.05 * Math.abs(x)]; // wraps the face
  const halfWidth = glasses.size * 1.02;
  const halfHeight = glasses.size * (0.72 + 0.25 * glasses.round);
  const centre = Math.max(eyes.x, halfWidth + 0.055);
  const roundness = 0.3 + 0.7 * glasses.round;
  const boxed = (t: number) => clamp(t * (roundness + (1 - roundness) * (1.9 - 0.9 * t * t)), -1.05, 1.05);
  const level = skull.level(eyes.y);
  const y = eyes.y - 0.02; // of hinges and bridge
  return {
    rims: [-1, 1].map((side) =>
      Array.from({ length: RIM_POINTS + 1 }, (_, k) => {
        const angle = (2 * Math.PI * k) / RIM_POINTS;
        const x = side * (centre + halfWidth * boxed(Math.cos(angle)));
        return at(x, eyes.y + 0.035 + halfHeight * boxed(Math.sin(angle)));
      }),
    ),
    arms: [-1, 1].map((side): Point3[] => [
      at(side * (centre + halfWidth), y),
      [side * (level.width + 0.03), y, level.centre + 0.1],
    ]),
    bridge: [-1, 0, 1].map((k) => at(k * (centre - halfWidth) * 1.02, y - 0.02 * (1 - k * k))),
  };
}
