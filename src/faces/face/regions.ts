/**
 * The 25 regions of the face, one for each net. Paper: Section 4, "the same 25 face regions selected by DeepID2";
 * which those are stands only in a figure of DeepID2, so these are ours in the same spirit: whole faces, halves and
 * parts around landmarks, at several scales, colour and grey, rectangles of 55 x 47 and squares of 47 x 47 pixels.
 *
 * Regions off the middle are on the left only: the features of a net are of the face and of its mirror image, so
 * that it sees the right side as well.
 */
import { InputError } from "../../base/errors/index.ts";
import { type Region, WHOLE_FACE } from "./region.ts";

type Centre = readonly [x: number, y: number];

/** A region of 55 x 47 pixels around `centre`, `width` wide, in pixels of the template. */
const rectangle = (name: string, colour: Region["colour"], [x, y]: Centre, width: number): Region => {
  const height = (width * 55) / 47;
  const box = { x: x - width / 2, y: y - height / 2, width, height };
  return { name, box, height: 55, width: 47, colour };
};

/** A region of 47 x 47 pixels around `centre`, `width` wide, in pixels of the template. */
const square = (name: string, colour: Region["colour"], [x, y]: Centre, width: number): Region => ({
  name,
  box: { x: x - width / 2, y: y - width / 2, width, height: width },
  height: 47,
  width: 47,
  colour,
});

/** In the order in which they are added: 1, 2, 4, 8, 16 or all of them make a system. */
export const REGIONS: readonly Region[] = [
  WHOLE_FACE,
  rectangle("head", "rgb", [44, 52], 84),
  square("eyes-to-mouth", "rgb", [44, 54], 56),
  rectangle("left-half", "rgb", [30, 50], 46),
  square("upper-face", "rgb", [44, 37], 68),
  square("lower-face", "rgb", [44, 66], 60),
  rectangle("face-grey", "grey", [44, 50], 72),
  square("eyes", "rgb", [44, 42], 50),
  rectangle("close-face", "rgb", [44, 53], 52),
  square("head-square", "rgb", [44, 50], 80),
  rectangle("left-side-grey", "grey", [32, 54], 58),
  square("left-eye", "rgb", [33, 43], 38),
  square("face-square-grey", "grey", [44, 54], 64),
  rectangle("nose", "rgb", [44, 54], 36),
  square("mouth", "rgb", [44, 68], 42),
  square("upper-face-grey", "grey", [44, 42], 60),
  rectangle("nose-and-mouth", "rgb", [44, 62], 46),
  square("left-eye-and-nose", "grey", [36, 50], 46),
  rectangle("whole-face-grey", "grey", [44, 46.6], 63.4),
  square("lower-face-grey", "grey", [44, 68], 52),
  square("brows", "rgb", [44, 36], 44),
  rectangle("left-cheek", "rgb", [30, 60], 42),
  square("left-mouth-corner", "rgb", [34, 67], 40),
  square("eyes-grey", "grey", [44, 42], 58),
  rectangle("head-grey", "grey", [44, 52], 86),
];

/** The regions of these names, in their order; InputError for a name that is none. */
export function regionsNamed(names: readonly string[]): Region[] {
  return names.map((name) => {
    const found = REGIONS.find((region) => region.name === name);
    if (found) return found;
    throw new InputError(
      `regions: there is no ${name}; there are ${REGIONS.map((region) => region.name).join(", ")}`,
    );
  });
}
