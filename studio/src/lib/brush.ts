/** Grey paint over a face, stroke by stroke. */
import { FACE } from "./pictures.ts";

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where on the face a pointer is that is over its picture. */
export function pointOn(picture: Element, event: PointerEvent): Point {
  const { left, top, width, height } = picture.getBoundingClientRect();
  return {
    x: ((event.clientX - left) / width) * FACE.width,
    y: ((event.clientY - top) / height) * FACE.height,
  };
}

export function paintbrush() {
  const canvas = new OffscreenCanvas(FACE.width, FACE.height);
  const context = canvas.getContext("2d")!;
  let last: Point | undefined;
  return {
    /** What has been painted; transparent elsewhere. */
    canvas,
    /** The next point begins a stroke of its own. */
    lift() {
      last = undefined;
    },
    /** Paints from the last point, if the brush is down, to this one. */
    stroke(to: Point, width: number) {
      const from = last ?? to;
      context.strokeStyle = "#808080";
      context.lineCap = "round";
      context.lineWidth = width;
      context.beginPath();
      context.moveTo(from.x, from.y);
      context.lineTo(to.x + 0.01, to.y); // a line of no length is not drawn
      context.stroke();
      last = to;
    },
    clear() {
      context.clearRect(0, 0, FACE.width, FACE.height);
    },
  };
}
