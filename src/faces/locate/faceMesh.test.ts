import { expect, test } from "vitest";
import { applyTo, createImage, createPyramid } from "../image/index.ts";
import { drawFace, upsideDown } from "./faceMesh.ts";

test("a face upside down is drawn as its frame turned by half a circle, and its points lie where they do", () => {
  const [width, height] = [300, 260];
  const pixels = Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * i) % 241);
  const pyramid = createPyramid(createImage(width, height, pixels));
  for (const side of [100, 250, 700]) {
    const frame = { centre: { x: 140, y: 120 }, side, roll: 0.3 };
    const turned = upsideDown(drawFace(pyramid, frame));
    const wanted = drawFace(pyramid, { ...frame, roll: frame.roll + Math.PI });
    for (const [i, value] of wanted.pixels.entries())
      expect(Math.abs(turned.pixels[i] - value)).toBeLessThan(2);
    for (const point of [
      { x: 0, y: 0 },
      { x: 192, y: 50 },
    ]) {
      const [there, meant] = [applyTo(point, turned.back), applyTo(point, wanted.back)];
      expect(there.x).toBeCloseTo(meant.x, 6);
      expect(there.y).toBeCloseTo(meant.y, 6);
    }
  }
});
