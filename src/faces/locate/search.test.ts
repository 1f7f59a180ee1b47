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
  const scales = [...new Set(tiles.map(({ scale }) => scale))];
  expect(scales).toEqual([1 / 8, 1 / 4, 1 / 2]);
  expect(tiles.map(({ scale }) => scale)).toEqual(tiles.map(({ scale }) => scale).sort((a, b) => a - b));
  for (const { width, height } of tiles) expect([width % 32, height % 32]).toEqual([0, 0]);
  for (const scale of scales) {
    const own = tiles
      .filter((tile) => tile.scale === scale)
      .map(({ x, y, width, height }) => ({ x, y, right: x + width / scale, bottom: y + height / scale }));
    const face = 48 / scale - 1; // a face as large as what tiles share, anywhere
    for (let x = 0; x + face <= photo.width; x += 97) {
      for (let y = 0; y + face <= photo.height; y += 97) {
        const whole = own.some(
          (tile) => x >= tile.x && x + face <= tile.right && y >= tile.y && y + face <= tile.bottom,
        );
        expect(whole, `${x}, ${y} at ${scale}`).toBe(true);
      }
    }
  }
});

test("a photo however large has no more pixels drawn than take two seconds or so, and a narrow one is one row of them", () => {
  for (const [width, height] of [
    [6000, 4000],
    [8660, 5773],
    [20_000, 2500],
    [200_000, 120],
    [24_000_000, 1],
    [1, 24_000_000],
  ]) {
    const tiles = tilesOf({ width, height });
    const finest = Math.max(...tiles.map(({ scale }) => scale));
    const drawn = tiles.filter(({ scale }) => scale === finest).map((tile) => tile.width * tile.height);
    expect(drawn.reduce((sum, pixels) => sum + pixels, 0)).toBeLessThan(8e6);
  }
  expect(tilesOf({ width: 3000, height: 60 }).every(({ y }) => y === 0)).toBe(true);
});
