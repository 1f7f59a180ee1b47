import { mkdtemp, readFile, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "libsql";
import { describe, expect, test } from "vitest";
import { SUITE_SETTINGS, storeSuite } from "../../../test/support/storeSuite.ts";
import { DataError, InputError } from "../../base/errors/index.ts";
import { createRng } from "../../base/random/index.ts";
import { openStore } from "./index.ts";
import { createSealer } from "./seal.ts";

const folder = await mkdtemp(join(tmpdir(), "gallery-"));
let number = 0;
const newPath = () => join(folder, `${++number}.db`);
const rng = createRng(2);
const bytes = (length: number) => Uint8Array.from({ length }, () => rng.integer(256));

let path: string;
storeSuite("SQLite", {
  open(settings) {
    path = newPath();
    return openStore(path, settings);
  },
  reopen: (settings) => openStore(path, settings),
});

describe("a gallery file", () => {
  test.skipIf(process.platform === "win32")("is readable by its owner alone, and so is its log", async () => {
    const file = newPath();
    const store = await openStore(file, SUITE_SETTINGS);
    await store.add([face("Ann")]);
    for (const part of [file, `${file}-wal`]) expect((await stat(part)).mode & 0o077).toBe(0);
    await store.close();
  });

  const face = (person: string) => ({ person, code: bytes(64), vector: bytes(700), thumbnail: bytes(9000) });
  const inFile = async (file: string, content: Buffer) =>
    (await readFile(file)).includes(content) || (await readFile(`${file}-wal`)).includes(content);

  test("holds no byte of a person who was removed, and the receipt says how that was checked", async () => {
    const file = newPath();
    const store = await openStore(file, SUITE_SETTINGS);
    const ann = Array.from({ length: 5 }, () => ({
      ...face("Ann Unusualname"),
      fields: { at: "Loch Ness pier" },
    }));
    await store.add([...ann, ...Array.from({ length: 30 }, (_, i) => face(`person ${i}`))]);
    const parts = ann.flatMap(({ code, vector, thumbnail }) => [
      Buffer.from(code.subarray(0, 32)),
      Buffer.from(vector.subarray(0, 32)),
      Buffer.from(vector.subarray(300, 332)),
      Buffer.from(thumbnail.subarray(0, 32)),
    ]);
    for (const part of parts) expect(await inFile(file, part)).toBe(true);
    const { checks, pending } = await store.removePerson("Ann Unusualname");
    for (const part of parts) expect(await inFile(file, part)).toBe(false);
    for (const text of ["Unusualname", "Loch Ness"])
      expect(await inFile(file, Buffer.from(text))).toBe(false);
    expect(pending).toEqual([]);
    expect(checks.join("\n")).toMatch(/no row.*\n.*log was emptied\n\d+ samples .* not found/);
    expect((await store.count()).faces).toBe(30);
    await store.close();
  });

  test("whose deleted pages are not overwritten is noticed", async () => {
    const file = newPath();
    const store = await openStore(file, SUITE_SETTINGS);
    const ann = face("Ann");
    await store.add([ann, face("Bo")]);
    const other = new Database(file);
    other.exec("CREATE TABLE stray (content BLOB)");
    other.prepare("INSERT INTO stray VALUES (?)").run([ann.vector]);
    other.close();
    const { pending, receipt } = await store.removePerson("Ann"); // the removal is made, and says what is left
    expect(pending.join()).toContain("erased content is still found in the file");
    expect((await store.receipt(receipt))?.pending).toEqual(pending);
    await store.close();
  });

  test("people registered with one picture are erased all at once, each with a receipt that is clean", async () => {
    const store = await openStore(newPath(), SUITE_SETTINGS);
    const one = face("x");
    const names = Array.from({ length: 20 }, (_, i) => `person ${i}`);
    await store.add(names.map((person) => ({ ...one, person })));
    const removals = await Promise.all(names.map((name) => store.removePerson(name)));
    expect(removals.flatMap(({ pending }) => pending)).toEqual([]);
    expect((await store.receipts()).map(({ receipt }) => receipt)).toEqual(
      removals.map(({ receipt }) => receipt).sort((a, b) => b - a),
    );
    await store.close();
  });

  test("that another process has locked holds nobody up but who writes, and not for ever", async () => {
    const file = newPath();
    const store = await openStore(file, SUITE_SETTINGS);
    await store.add([face("Ann")]);
    const other = new Database(file);
    other.exec("BEGIN IMMEDIATE");
    const added = store.add([face("Bo")]);
    const started = performance.now();
    for (let i = 0; i < 20; i++) expect(await store.person("Ann")).toBeDefined();
    expect(await store.nearest(bytes(64), 1)).toHaveLength(1);
    expect(performance.now() - started).toBeLessThan(5_000);
    other.exec("ROLLBACK");
    other.close();
    await added;
    expect(await store.count()).toEqual({ people: 2, faces: 2 });
    await store.close();
  });

  test("gets another key in one step; what was sealed before is gone, and who has it open changes nothing", async () => {
    const file = newPath();
    const [old, next] = [bytes(32), bytes(32)];
    const settings = { ...SUITE_SETTINGS, keyCheck: createSealer(old).check };
    const code = bytes(64);
    const vector = createSealer(old).seal(bytes(12), "vector", code);
    const plain = createSealer(old).open(vector, "vector", code);
    const store = await openStore(file, settings, { key: old });
    await store.add([
      { person: "Ann", code, vector, thumbnail: createSealer(old).seal(bytes(99), "thumbnail", code) },
    ]);
    const behind = await openStore(file, settings, { key: old });
    const damage: unknown[] = [];
    expect(await store.rekey(next, { onDamage: (found) => damage.push(found) })).toMatchObject({
      faces: 1,
      damaged: 0,
    });
    expect(damage).toEqual([]);
    await expect(behind.add([face("Bo")])).rejects.toThrow("the key of this gallery was changed meanwhile");
    expect(await inFile(file, Buffer.from(vector))).toBe(false);
    await Promise.all([store.close(), behind.close()]);
    await expect(openStore(file, undefined, { key: old })).rejects.toThrow("another key");
    const opened = await openStore(file, undefined, { key: next });
    expect(await opened.check()).toMatchObject({ faces: 1, checksums: "keyed", damage: [] });
    const [kept] = await opened.faces([1]);
    expect(createSealer(next).open(kept.vector!, "vector", code)).toEqual(plain);
    expect(await opened.rekey(undefined, { onDamage: () => {} })).toMatchObject({ faces: 1, damaged: 0 });
    await opened.close();
    const bare = await openStore(file);
    expect(Buffer.from((await bare.faces([1]))[0].vector!)).toEqual(plain);
    await bare.close();
  });

  test("a picture that another person has too is no residue", async () => {
    const store = await openStore(newPath(), SUITE_SETTINGS);
    const ann = face("Ann");
    await store.add([ann, { ...ann, person: "Anne" }]);
    expect((await store.removePerson("Ann")).pending).toEqual([]);
    await store.close();
  });

  test("says what is pending while another process reads", async () => {
    const file = newPath();
    const store = await openStore(file, SUITE_SETTINGS);
    await store.add([face("Ann"), face("Bo")]);
    const reader = new Database(file);
    reader.exec("BEGIN; SELECT * FROM faces");
    const { pending } = await store.removePerson("Ann");
    expect(pending.join()).toContain("another process reads the file");
    reader.exec("ROLLBACK");
    reader.close();
    await store.close();
  });

  test("is refused where it is not there, no gallery, damaged, or newer than this program", async () => {
    await expect(openStore(newPath())).rejects.toThrow("there is no gallery here");
    const junk = newPath();
    await writeFile(junk, "no database at all".repeat(300));
    await expect(openStore(junk, SUITE_SETTINGS)).rejects.toThrow(DataError);
    const foreign = newPath();
    const db = new Database(foreign);
    db.exec("CREATE TABLE shopping (item TEXT)");
    db.close();
    await expect(openStore(foreign, SUITE_SETTINGS)).rejects.toThrow("a database of another kind");
    const newer = newPath();
    await (await openStore(newer, SUITE_SETTINGS)).close();
    const raised = new Database(newer);
    raised.exec("PRAGMA user_version = 99");
    raised.close();
    await expect(openStore(newer)).rejects.toThrow("made by a newer version of this program");
    await expect(openStore(join(folder, "nowhere", "g.db"), SUITE_SETTINGS)).rejects.toThrow(InputError);
  });
});
