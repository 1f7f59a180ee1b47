import { expect, test } from "vitest";
import type { Session } from "../../math/session/index.ts";
import { createImage } from "../image/index.ts";
import { meshLocator } from "./meshLocator.ts";

test("a strip too narrow for a face has none; nothing of it is looked at, however long it is", async () => {
  const net: Session = {
    description: { inputs: [], outputs: [] },
    rest: async () => {},
    run: () => Promise.reject(new Error("a net was asked")),
    release: async () => {},
  };
  const locator = meshLocator({ blazeface: net, facemesh: net, parallel: 1 });
  for (const [width, height] of [
    [2_000_000, 1],
    [11, 200_000],
  ]) {
    const photo = createImage(width, height, new Uint8Array(3 * width * height));
    expect(await locator.locate(photo)).toEqual([]);
  }
  const wider = createImage(12, 12, new Uint8Array(3 * 12 * 12));
  await expect(locator.locate(wider)).rejects.toThrow("a net was asked");
});
