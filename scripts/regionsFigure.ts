/** Draws docs/regions.webp: the 25 regions on a synthetic face. Run: npx tsx scripts/regionsFigure.ts */
import sharp from "sharp";
import { writeFileAtomic } from "../src/base/files/index.ts";
import { drawPerson } from "../src/faces/data/synthetic/drawnPerson.ts";
import { createRegionCropper, REGIONS, type Region, TEMPLATE } from "../src/faces/face/index.ts";
import { createPopulation } from "../src/faces/synthetic/index.ts";

const [PERSON, PICTURE, SCALE, COLUMNS] = [7, 0, 1.5, 5];
const TILE = { width: 236, height: 196 };

const { faces } = drawPerson(createPopulation({ people: 12, picturesPerPerson: 1, seed: 4 }), PERSON);
const bytes = TEMPLATE.width * TEMPLATE.height * 3;
const face = faces.subarray(PICTURE * bytes, (PICTURE + 1) * bytes);

async function dataUri(pixels: Uint8Array, width: number, height: number, channels: 1 | 3): Promise<string> {
  const png = await sharp(pixels, { raw: { width, height, channels } }).png().toBuffer();
  return `data:image/png;base64,${png.toString("base64")}`;
}

const whole = await dataUri(face, TEMPLATE.width, TEMPLATE.height, 3);

async function tile(region: Region, i: number): Promise<string> {
  const channels = region.colour === "rgb" ? 3 : 1;
  const crop = new Uint8Array(region.width * region.height * channels);
  createRegionCropper(region)(face, crop);
  const uri = await dataUri(crop, region.width, region.height, channels);
  const { x, y, width, height } = region.box;
  const [w, h] = [TEMPLATE.width * SCALE, TEMPLATE.height * SCALE];
  return `<g transform="translate(${12 + (i % COLUMNS) * TILE.width} ${12 + Math.floor(i / COLUMNS) * TILE.height})">
<clipPath id="c${i}"><rect width="${w}" height="${h}"/></clipPath>
<image href="${whole}" width="${w}" height="${h}" opacity="0.55"/>
<rect clip-path="url(#c${i})" x="${x * SCALE}" y="${y * SCALE}" width="${width * SCALE}" height="${height * SCALE}" fill="none" stroke="#c2410c" stroke-width="2"/>
<image href="${uri}" x="${w + 8}" width="${region.width * SCALE}" height="${region.height * SCALE}"/>
<text y="${h + 16}" font-family="sans-serif" font-size="13" fill="#222">${i + 1} ${region.name}</text>
</g>`;
}

const tiles = await Promise.all(REGIONS.map(tile));
const [width, height] = [COLUMNS * TILE.width + 12, Math.ceil(REGIONS.length / COLUMNS) * TILE.height + 12];
const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="white"/>${tiles.join("")}</svg>`;
await writeFileAtomic("docs/regions.webp", await sharp(Buffer.from(svg)).webp({ quality: 82 }).toBuffer());
