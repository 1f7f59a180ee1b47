/** What part of a map is seen: moved, and made larger about a point. */

/** Side of the map, in its own units. */
export const SIDE = 1_000;
const MOST_ZOOM = 40;

interface Point {
  readonly x: number;
  readonly y: number;
}

export function mapView() {
  let zoom = $state(1);
  let middle = $state.raw<Point>({ x: SIDE / 2, y: SIDE / 2 });
  const side = $derived(SIDE / zoom);
  const kept = (value: number) => Math.min(SIDE - side / 2, Math.max(side / 2, value));
  const put = ({ x, y }: Point) => {
    middle = { x: kept(x), y: kept(y) };
  };
  return {
    get zoom() {
      return zoom;
    },
    /** For an SVG. */
    get box() {
      return `${middle.x - side / 2} ${middle.y - side / 2} ${side} ${side}`;
    },
    sees: ({ x, y }: Point, margin = 0) =>
      Math.abs(x - middle.x) <= side / 2 + margin && Math.abs(y - middle.y) <= side / 2 + margin,
    /** `about` stays where it is. */
    zoomBy(factor: number, about: Point = middle) {
      const next = Math.min(MOST_ZOOM, Math.max(1, zoom * factor));
      const share = zoom / next;
      zoom = next;
      put({ x: about.x + (middle.x - about.x) * share, y: about.y + (middle.y - about.y) * share });
    },
    /** By shares of what is seen. */
    moveBy: (x: number, y: number) => put({ x: middle.x + x * side, y: middle.y + y * side }),
    goTo: put,
    whole() {
      zoom = 1;
      put({ x: SIDE / 2, y: SIDE / 2 });
    },
  };
}

export type MapView = ReturnType<typeof mapView>;

/** The point nearest to `from` in a direction: of those within 45° of it; -1: none lies there. */
export function nearestTowards(points: readonly Point[], from: number, direction: Point): number {
  let [best, least] = [-1, Number.POSITIVE_INFINITY];
  for (const [k, { x, y }] of points.entries()) {
    if (k === from) continue;
    const [dx, dy] = [x - points[from].x, y - points[from].y];
    const ahead = dx * direction.x + dy * direction.y;
    const aside = Math.abs(dx * direction.y - dy * direction.x);
    const far = Math.hypot(dx, dy);
    if (ahead > 0 && ahead >= aside && far < least) [best, least] = [k, far];
  }
  return best;
}
