import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { DataError } from "../../base/errors/index.ts";
import { readOccluders } from "./index.ts";

let folder: string;
const list = (text: string) => writeFile(join(folder, "occlusions.csv"), text);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "occluders-"));
  await mkdir(join(folder, "eye"));
  const pixels = Buffer.from([255, 0, 0, 255, 0, 255, 0, 128]);
  const png = sharp(pixels, { raw: { width: 2, height: 1, channels: 4 } }).png();
  await writeFile(join(folder, "eye", "glasses.png"), await png.toBuffer());
});

describe("occluders", () => {
  test("come with their transparency and the anchors that are given", async () => {
    await list('glasses.png,!eye!,9,9,"0.5,1","1.5, 1","0,0",,"0,0"\n\nmissing.png,eye,,,"1,2","3,4",,,\n');
    const [glasses, ...others] = await readOccluders(folder);
    expect(others).toEqual([]);
    expect([glasses.name, glasses.kind, glasses.width, glasses.height]).toEqual(["glasses.png", "eye", 2, 1]);
    expect([...glasses.pixels]).toEqual([255, 0, 0, 255, 0, 255, 0, 128]);
    expect(glasses.anchors).toEqual([{ x: 0.5, y: 1 }, { x: 1.5, y: 1 }, undefined, undefined, undefined]);
  });

  test("are refused with the line where something is wrong", async () => {
    const refused = async (text: string) => {
      await list(text);
      return expect(readOccluders(folder)).rejects;
    };
    await (await refused("glasses.png,eye\n")).toThrow("occlusions.csv:1: needs file, kind");
    await (await refused('glasses.png,eye,,,"1,2",,,,\n')).toThrow("two points or more");
    await (await refused('glasses.png,eye,,,"1,2","a,b",,,\n')).toThrow('a point must be "x,y"');
    await (await refused('other.png,eye,,,"1,2","3,4",,,\n')).toThrow("holds none of the pictures");
    await expect(readOccluders(join(folder, "nowhere"))).rejects.toThrow(DataError);
  });
});
