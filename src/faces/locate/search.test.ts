import { expect, test } from "vitest";
import { tilesOf } from "./search.ts";

test("a photo that shows its smallest faces as a whole has no tiles", () => {
  expect(tilesOf({ width: 640, height: 480 })).toEqual([]);
  expect(tilesOf({ width: 767, height: 300 })).toEqual([]);
  expect(tilesOf({ width: 768, height: 300 })).not.toEqual([]);
});

test("tiles of every scale cover the photo and share a border, coarse ones first", () => {
  const photo = { width: 4000, height: 3000 };
  const tiles = tilesOf(photo);
  const sides = [...new Set(tiles.map(({ side }) => side))];
  expect(sides).toEqual([2048, 1024, 512]);
  expect(tiles.map(({ side }) => side)).toEqual([...tiles.map(({ side }) => side)].sort((a, b) => b - a));
  for (const side of sides) {
    const own = tiles.filter((tile) => tile.side === side);
    const face = (48 * side) / 256 - 1; // a face as large as what tiles share, anywhere
    for (let x = 0; x + face <= photo.width; x += 97) {
      for (let y = 0; y + face <= photo.height; y += 97) {
        const whole = own.some(
          (tile) => x >= tile.x && x + face <= tile.x + side && y >= tile.y && y + face <= tile.y + side,
        );
        expect(whole, `${x}, ${y} at ${side}`).toBe(true);
      }
    }
  }
});

test("a photo however large has no more tiles than take two seconds or so, and a narrow one is one row of them", () => {
  for (const [width, height] of [
    [6000, 4000],
    [8660, 5773],
    [20_000, 2500],
    [200_000, 120],
    [24_000_000, 1],
    [1, 24_000_000],
  ]) {
    const tiles = tilesOf({ width, height });
    const finest = Math.min(...tiles.map(({ side }) => side));
    expect(tiles.filter(({ side }) => side === finest).length).toBeLessThan(170);
  }
  expect(tilesOf({ width: 3000, height: 60 }).every(({ y }) => y === 0)).toBe(true);
});
