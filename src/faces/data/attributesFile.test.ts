import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readAttributes } from "./index.ts";

const folder = await mkdtemp(join(tmpdir(), "attributes-"));
async function fileOf(text: string): Promise<string> {
  const path = join(folder, "attributes.txt");
  await writeFile(path, text);
  return path;
}

describe("attribute files", () => {
  test("a table of 0 and 1: present, or nothing said", async () => {
    const { pictures, attributes } = await readAttributes(
      await fileOf("image\tMale\tBlack Hair\nAnna_May_0001\t0\t1\nBob_0002.jpg\t1\t0\n"),
    );
    expect(pictures).toEqual(["Anna_May/Anna_May_0001", "Bob/Bob_0002"]);
    expect([...attributes].map(([name, values]) => [name, ...values])).toEqual([
      ["Male", 0, 1],
      ["Black Hair", 1, 0],
    ]);
  });

  test("Kumar's scores: the sign says present or absent", async () => {
    const { pictures, attributes } = await readAttributes(
      await fileOf(
        "# LFW attributes\n#\tperson\timagenum\tMale\tSmiling\nAnna May\t1\t-1.5\t0.2\nBob\t12\t2e0\t-0.1\n",
      ),
    );
    expect(pictures).toEqual(["Anna_May/Anna_May_0001", "Bob/Bob_0012"]);
    expect([...attributes.get("Male")!]).toEqual([-1, 1]);
    expect([...attributes.get("Smiling")!]).toEqual([1, -1]);
  });

  test("a # before the first column's name, and remarks above it, are skipped", async () => {
    const { pictures, attributes } = await readAttributes(
      await fileOf("# made by hand\n# image\tMale\tYouth\nBob_0002\t1\t0\nAnna_May_0001\t0\t1\n"),
    );
    expect(pictures).toEqual(["Bob/Bob_0002", "Anna_May/Anna_May_0001"]);
    expect([...attributes.keys()]).toEqual(["Male", "Youth"]);
  });

  test("anything else is refused with its place", async () => {
    const refused = async (text: string) => expect(readAttributes(await fileOf(text))).rejects;
    await (await refused("")).toThrow("needs a line of column names");
    await (await refused("who\tMale\nA_1\t1\n")).toThrow('attributes.txt:1: columns must begin with "image"');
    await (await refused("image\tMale\tMale\nA_1\t1\t1\n")).toThrow("twice");
    await (await refused("image\tMale\nA_1\t1\t0\n")).toThrow("attributes.txt:2: needs 2 columns");
    await (await refused("image\tMale\nA_1\tyes\n")).toThrow("attributes.txt:2: Male must be a number");
    await (await refused("image\tMale\nA_1\t1\nA_1\t0\n")).toThrow(
      "attributes.txt:3: the picture A/A_1 stands",
    );
    await (await refused("image\tMale\nA_1\t3\n")).toThrow("0 and 1, or of both signs");
  });
});
