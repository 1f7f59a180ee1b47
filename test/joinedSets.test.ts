/** Several sets in CelebA's layout, read as one by every command that takes pictures. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { readFeatures } from "../src/matching/files/index.ts";
import { deepid } from "./support/cli.ts";
import { folderOf, greyFile } from "./support/pictures.ts";

test("--with reads further sets with the first, with or without identities", async () => {
  const face = () => greyFile(3, { format: "png", width: 88, height: 104 });
  const folder = await folderOf({
    "first/1.png": await face(),
    "first/2.png": await face(),
    "first.txt": "1.jpg 7\n2.jpg 8\n",
    "more/3.png": await face(),
    "more.txt": "3.jpg 7\n",
    "others/4.png": await face(),
    "twice/1.png": await face(),
  });
  const at = (name: string) => join(folder, name);
  const extract = [
    "extract",
    "--lbp",
    "--data",
    "celeba",
    "--images",
    at("first"),
    "--identities",
    at("first.txt"),
  ];
  const out = at("all.safetensors");
  const more = ["--with", `${at("more")}=${at("more.txt")}`, "--with", at("others")];
  const { code, err } = await deepid(...extract, ...more, "--cache", at("cache"), "--out", out);
  expect([code, err]).toEqual([0, expect.any(String)]);
  const { set, provenance } = await readFeatures(out);
  expect(set.names).toEqual(["1", "2", "3", "4"]);
  expect(set.identities).toEqual(["7", "8", "7", "4"]);
  expect(provenance.faces).toBe("celeba: first; celeba: more; celeba: others");
  const twice = await deepid(
    ...extract,
    "--with",
    at("twice"),
    "--cache",
    at("cache"),
    "--out",
    at("no.safetensors"),
  );
  expect(twice.err).toContain("the sets of faces must have names of their own, 1 is in two");
  expect(twice.code).toBe(3);
});
