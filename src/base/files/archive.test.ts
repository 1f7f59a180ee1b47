import { mkdir, mkdtemp, open, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32, deflateRawSync, gzipSync } from "node:zlib";
import { describe, expect, test, vi } from "vitest";
import { ZipFile } from "yauzl";
import { type TestEntry, tarOf, tgzOf, zipOf } from "../../../test/support/archives.ts";
import { DataError, InputError } from "../errors/index.ts";
import { type FileTree, openFileTree } from "./index.ts";

const folder = await mkdtemp(join(tmpdir(), "archive-"));
let written = 0;

/** Writes `bytes` to a file of a new name, without an extension that could give its kind away. */
async function fileOf(bytes: Uint8Array | Promise<Uint8Array>): Promise<string> {
  const path = join(folder, `archive-${written++}`);
  await writeFile(path, await bytes);
  return path;
}

async function contentOf(tree: FileTree, wanted: (path: string) => boolean = () => true) {
  const found: Record<string, string> = {};
  for await (const { path, bytes } of tree.read(wanted)) found[path] = Buffer.from(bytes).toString();
  return found;
}

const kinds: Record<string, (entries: readonly TestEntry[]) => Promise<Buffer>> = {
  zip: async (entries) => zipOf(entries),
  tar: tarOf,
  tgz: tgzOf,
};

const refusal = (path: Promise<string>, limits?: { maxFiles?: number; maxFileBytes?: number }) =>
  path.then(async (p) => {
    const error = await openFileTree(p, limits)
      .then(contentOf)
      .catch((e) => e);
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toContain(p); // says which archive
    return error.message as string;
  });

describe.each(Object.entries(kinds))("%s", (_, archiveOf) => {
  test("lists its files by name and reads those wanted", async () => {
    const tree = await openFileTree(
      await fileOf(
        archiveOf([
          { name: "lfw/", type: "directory", mode: 0o040755 },
          { name: "lfw/b.jpg", content: "bee" },
          { name: "lfw/a.jpg", content: "ay" },
          { name: "notes.txt", content: "" },
        ]),
      ),
    );
    expect(tree.folders).toEqual(["lfw"]);
    expect(tree.files).toEqual([
      { path: "lfw/a.jpg", size: 2 },
      { path: "lfw/b.jpg", size: 3 },
      { path: "notes.txt", size: 0 },
    ]);
    expect(await contentOf(tree)).toEqual({ "lfw/a.jpg": "ay", "lfw/b.jpg": "bee", "notes.txt": "" });
    expect(await contentOf(tree, (path) => path.endsWith("b.jpg"))).toEqual({ "lfw/b.jpg": "bee" });
  });

  test("may be left half read and read again", async () => {
    const entries = Array.from({ length: 40 }, (_, i) => ({ name: `${i}.jpg`, content: "x".repeat(5000) }));
    const tree = await openFileTree(await fileOf(archiveOf(entries)));
    for await (const { bytes } of tree.read(() => true)) {
      expect(bytes.length).toBe(5000);
      break;
    }
    expect(Object.keys(await contentOf(tree)).length).toBe(40);
  });

  test.each(["../evil.jpg", "a/../../evil.jpg", "/etc/evil.jpg", "C:/evil.jpg"])(
    "refuses the path %s",
    async (name) => {
      const message = await refusal(fileOf(archiveOf([{ name: "good.jpg" }, { name, content: "x" }])));
      expect(message).toContain(name);
    },
  );

  test("refuses a name that stands in it twice", async () => {
    expect(await refusal(fileOf(archiveOf([{ name: "a.jpg" }, { name: "a.jpg" }])))).toMatch(
      /"a.jpg": .*twice/,
    );
  });

  test("refuses too many files and too large ones", async () => {
    const three = fileOf(archiveOf([{ name: "a" }, { name: "b" }, { name: "c", content: "12345678" }]));
    expect(await refusal(three, { maxFiles: 2 })).toMatch(/more than 2 files/);
    expect(await refusal(three, { maxFileBytes: 7 })).toMatch(
      /"c": 8 bytes unpacked, more than the 7 allowed/,
    );
    await openFileTree(await three, { maxFiles: 3, maxFileBytes: 8 });
  });

  test("refuses to be cut off anywhere", async () => {
    const whole = await archiveOf([
      { name: "a.jpg", content: "x".repeat(700) },
      { name: "b.jpg", content: "y".repeat(700) },
    ]);
    for (const share of [0.2, 0.5, 0.65, 0.8]) {
      await refusal(fileOf(whole.subarray(0, Math.floor(whole.length * share))));
    }
  });
});

test.each(["symlink", "link", "fifo"] as const)("a tar with a %s is refused", async (type) => {
  expect(await refusal(fileOf(tgzOf([{ name: "a.jpg", type }])))).toMatch(
    /"a.jpg": a (?:sym)?(?:link|fifo);/,
  );
});

test("names of a zip that are UTF-8 are read as such, whether it says so or not; others are CP437", async () => {
  const named = async (name: string, nameBytes?: Buffer) => {
    const { files } = await openFileTree(await fileOf(zipOf([{ name, nameBytes, content: "x" }])));
    return files[0].path;
  };
  expect(await named("Zoë Müller/李.jpg")).toBe("Zoë Müller/李.jpg");
  expect(await named("CP437", Buffer.from("Zo\x89/1.jpg", "latin1"))).toBe("Zoë/1.jpg");
});

test("a zip with a link or an encrypted entry is refused", async () => {
  const link = zipOf([{ name: "a.jpg", content: "/etc/passwd", mode: 0o120777 }]);
  expect(await refusal(fileOf(link))).toMatch(/"a.jpg": a link/);
  expect(
    await refusal(
      fileOf(zipOf([{ name: "a.jpg", content: "x".repeat(16), claimedSize: 4, encrypted: true }])),
    ),
  ).toMatch(/"a.jpg": encrypted/);
});

test("a zip whose directory lies about size or checksum is refused", async () => {
  const size = zipOf([{ name: "a.jpg", content: "four", claimedSize: 9 }]);
  await refusal(fileOf(size));
  const crc = zipOf([{ name: "a.jpg", content: "four", claimedCrc: 1 }]);
  expect(await refusal(fileOf(crc))).toMatch(/"a.jpg": checksum differs/);
});

test("a tar that stops between two entries is refused: its end mark is missing", async () => {
  const whole = await tarOf([{ name: "a.jpg", content: "x".repeat(512) }, { name: "b.jpg" }]);
  expect(await refusal(fileOf(whole.subarray(0, 1024)))).toMatch(/cut off/);
});

test("a zip of entries larger than a block, and of many small ones, reads as it was written", async () => {
  const large = Buffer.alloc(700_000, "abcdefg");
  const small = Array.from({ length: 300 }, (_, i) => ({ name: `${i}.txt`, content: `${i}`.repeat(i) }));
  const tree = await openFileTree(await fileOf(zipOf([{ name: "large", content: large }, ...small])));
  const content = await contentOf(tree);
  expect(content.large).toBe(large.toString());
  for (const { name, content: expected } of small) expect(content[name]).toBe(expected);
});

test("a zip of many small files is read in blocks, without a stream for each", async () => {
  const entries = Array.from({ length: 3000 }, (_, i) => ({ name: `${i}.jpg`, content: i % 2 ? "x" : "" }));
  const path = await fileOf(zipOf(entries));
  const streams = vi.spyOn(ZipFile.prototype, "openReadStream");
  const file = await open(path);
  const reads = vi.spyOn(Object.getPrototypeOf(file) as typeof file, "read");
  try {
    const tree = await openFileTree(path);
    const content = await contentOf(tree);
    expect([content["0.jpg"], content["2999.jpg"], Object.keys(content).length]).toEqual(["", "x", 3000]);
    expect(reads.mock.calls.length).toBeLessThan(20);
    expect(streams).not.toHaveBeenCalled();
  } finally {
    vi.restoreAllMocks();
    await file.close();
  }
});

test("a deflated file is read, and one that lies about its size or is packed in another way is refused", async () => {
  const text = "a long text ".repeat(50);
  const packed = (content: string | Uint8Array, claimed: Partial<TestEntry>, method = 8) => {
    const zip = zipOf([{ name: "a.jpg", content, ...claimed }]);
    zip.writeUInt16LE(method, zip.indexOf("PK\x01\x02") + 10);
    return fileOf(zip);
  };
  const deflated = deflateRawSync(text);
  const sound = { claimedSize: text.length, claimedCrc: crc32(text) };
  expect(await contentOf(await openFileTree(await packed(deflated, sound)))).toEqual({ "a.jpg": text });
  for (const claimedSize of [text.length - 1, text.length + 1, 0]) {
    expect(await refusal(packed(deflated, { ...sound, claimedSize }))).toMatch(/"a.jpg": /);
  }
  expect(await refusal(packed(deflated, sound, 12))).toMatch(/"a.jpg": .*12/);
});

test("a file that is no archive, an empty one and a missing one are refused", async () => {
  expect(await refusal(fileOf(Buffer.from("hello")))).toMatch(/needed a folder, a zip, a tar or a tgz/);
  await refusal(fileOf(Buffer.alloc(0)));
  await expect(openFileTree(join(folder, "nowhere.zip"))).rejects.toThrow(
    new InputError(`${join(folder, "nowhere.zip")}: no such file or folder`),
  );
});

test("a folder is listed with its folders, links in it are followed, and read", async () => {
  const root = await mkdtemp(join(tmpdir(), "tree-"));
  await mkdir(join(root, "Ann"));
  await writeFile(join(root, "Ann/1.jpg"), "one");
  await writeFile(join(root, "0.jpg"), "zero");
  await symlink(join(root, "Ann"), join(root, "Bob"));
  const tree = await openFileTree(root);
  expect(tree.files.map(({ path }) => path)).toEqual(["0.jpg", "Ann/1.jpg", "Bob/1.jpg"]);
  expect(await contentOf(tree, (path) => path !== "0.jpg")).toEqual({
    "Ann/1.jpg": "one",
    "Bob/1.jpg": "one",
  });
});

test("a folder that contains itself, or too large a file, is refused", async () => {
  const root = await mkdtemp(join(tmpdir(), "tree-"));
  await writeFile(join(root, "1.jpg"), "12345678");
  expect(await refusal(Promise.resolve(root), { maxFileBytes: 7 })).toMatch(
    /1.jpg: 8 bytes, more than the 7/,
  );
  await symlink(root, join(root, "again"));
  expect(await refusal(Promise.resolve(root))).toMatch(/deeper than 16/);
});

test("an archive's fingerprint is that of its content, wherever it lies and whenever it was written", async () => {
  const entries = [{ name: "a.jpg", content: "ay" }];
  const [path, copy] = [await fileOf(zipOf(entries)), await fileOf(zipOf(entries))];
  const { fingerprint } = await openFileTree(path);
  await utimes(copy, new Date(0), new Date(0));
  expect((await openFileTree(copy)).fingerprint).toBe(fingerprint);
  const other = await fileOf(zipOf([{ name: "a.jpg", content: "no" }]));
  expect((await openFileTree(other)).fingerprint).not.toBe(fingerprint);
});

test("a folder's fingerprint stays with the files and changes with them", async () => {
  const root = await mkdtemp(join(tmpdir(), "tree-"));
  await writeFile(join(root, "1.jpg"), "one");
  const { fingerprint } = await openFileTree(root);
  expect((await openFileTree(root)).fingerprint).toBe(fingerprint);
  await utimes(join(root, "1.jpg"), new Date(0), new Date(0));
  const touched = (await openFileTree(root)).fingerprint;
  expect(touched).not.toBe(fingerprint);
  await writeFile(join(root, "2.jpg"), "two");
  expect((await openFileTree(root)).fingerprint).not.toBe(touched);
});

describe("bombs", () => {
  const zeros = (bytes: number) => gzipSync(Buffer.alloc(bytes));

  test("a tgz of nothing but zeros is given up long before its end", async () => {
    // 1 GB of zeros in 1 MB: as many gzip members as it takes, each of 32 MB.
    const member = zeros(32 * 2 ** 20);
    const path = fileOf(Buffer.concat(Array.from({ length: 32 }, () => member)));
    expect(await refusal(path)).toMatch("unpacks to more than 268435456 bytes");
  });

  test("a zip whose entries share their bytes is refused by what they claim together", async () => {
    const entries = Array.from({ length: 5 }, (_, i) => ({ name: `a/${i}`, claimedSize: 60 * 2 ** 20 }));
    const zip = zipOf(entries);
    for (let at = zip.indexOf("PK\x01\x02"); at >= 0; at = zip.indexOf("PK\x01\x02", at + 1)) {
      zip.writeUInt16LE(8, at + 10); // deflated: the directory alone says how large it gets
    }
    expect(await refusal(fileOf(zip))).toMatch("unpacks to more than 268435456 bytes");
  });
});
