import { execFileSync } from "node:child_process";
import { mkdtemp, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { DataError } from "../errors/index.ts";
import { openForeign, readData, readForeign, readLinesOf } from "./foreign.ts";

const folder = await mkdtemp(join(tmpdir(), "foreign-"));
const at = (name: string) => join(folder, name);

describe("a file of others", () => {
  test("is read whole, through a link, too", async () => {
    await writeFile(at("a"), "content");
    await symlink(at("a"), at("link"));
    for (const name of ["a", "link"]) expect((await readForeign(at(name), 7)).toString()).toBe("content");
  });

  test.skipIf(process.platform === "win32")(
    "that is a pipe nobody writes to is refused at once",
    async () => {
      execFileSync("mkfifo", [at("pipe")]);
      await expect(readForeign(at("pipe"), 10)).rejects.toThrow("needed a file, got a pipe");
    },
  );

  test.skipIf(process.platform === "win32")("that never ends is refused", async () => {
    await symlink("/dev/zero", at("zero"));
    await expect(readForeign(at("zero"), 10)).rejects.toThrow("needed a file, got a device");
    await expect(openForeign(folder)).rejects.toThrow("needed a file, got a folder");
  });

  test("that is too large is refused unread", async () => {
    await writeFile(at("large"), "");
    await truncate(at("large"), 2 ** 40);
    await expect(readForeign(at("large"), 1000)).rejects.toThrow("1099511627776 bytes, more than the 1000");
  });

  test("that is large and a hole, with a few bytes around it, is not read", async () => {
    for (const start of ["", "\x93NUMPY"]) {
      await writeFile(at("hole"), start);
      await truncate(at("hole"), 1e9);
      await expect(readForeign(at("hole"), 2e9)).rejects.toThrow(
        /a hole: of its 1000000000 bytes hardly any/,
      );
    }
  });

  test("that is not there is what the system says, or a DataError where that is wanted", async () => {
    await expect(readForeign(at("none"), 10)).rejects.toThrow("ENOENT");
    await expect(readData(at("none"))).rejects.toThrow(DataError);
  });
});

describe("lines", () => {
  const linesOf = async (content: string, most?: number) => {
    await writeFile(at("lines"), content);
    const lines = [];
    for await (const { number, text } of readLinesOf(at("lines"), most)) lines.push(`${number} ${text}`);
    return lines;
  };

  test("are numbered and have no ends", async () => {
    expect(await linesOf("a\r\n\nb é\nlast")).toEqual(["1 a", "2 ", "3 b é", "4 last"]);
    expect(await linesOf("a\n")).toEqual(["1 a"]);
    expect(await linesOf("")).toEqual([]);
    const long = "x".repeat(1_000_000);
    expect(await linesOf(`${long}\n${long}`)).toEqual([`1 ${long}`, `2 ${long}`]);
  });

  test("without an end are refused", async () => {
    await expect(linesOf("x".repeat(2_000_000), 1_000_000)).rejects.toThrow(
      "line 1: longer than the 1000000 bytes",
    );
  });
});
