import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encodePng } from "../src/faces/pictureFiles/index.ts";
import { createPopulation } from "../src/faces/synthetic/index.ts";
import { openStore } from "../src/people/gallery/index.ts";
import { addImport } from "../src/people/work/index.ts";
import { deepid, resultOf, spawnDeepid } from "./support/cli.ts";
import { newFolder, tinyModel } from "./support/miniature.ts";
import { noPostgres, startPostgres, type TestServer } from "./support/postgres.ts";
import { query } from "./support/postgresGallery.ts";
import { startTestService } from "./support/service.ts";

const skipped = noPostgres && ` (skipped: ${noPostgres})`;
const PEOPLE = 20;
const PICTURES = 3;

describe.skipIf(Boolean(noPostgres))(`work on several machines${skipped}`, () => {
  let server: TestServer;
  let model: string;
  let folder: string;
  const store = () => ["--store", server.url()];

  beforeAll(async () => {
    server = await startPostgres();
    ({ model } = await tinyModel());
    folder = await newFolder();
    for (const { identity, index, image } of createPopulation({
      people: PEOPLE,
      picturesPerPerson: PICTURES,
      seed: 7,
    })) {
      await mkdir(join(folder, `P${identity}`), { recursive: true });
      await writeFile(join(folder, `P${identity}`, `${index}.png`), await encodePng(image));
    }
    await writeFile(join(folder, "P0", "broken.png"), "no picture");
  }, 240_000);
  afterAll(() => server?.stop());

  test("workers that are killed again and again add every picture once, and what failed is listed", {
    timeout: 300_000,
  }, async () => {
    const add = ["work", "add", folder, ...store(), "--aligned", "--pictures", "4", "--expire-seconds", "3"];
    expect(await resultOf(...add)).toEqual({ jobs: 16, pictures: 61 });
    expect(await resultOf("work", "status", ...store())).toMatchObject({
      jobs: { waiting: 16, done: 0 },
      pictures: { waiting: 61, added: 0 },
    });
    const args = ["work", ...store(), "--model", model, "--threads", "1", "--until-empty"];
    /** A worker that is killed once it has told of so many jobs; the next one begins in the middle of what it did. */
    const killedAfter = async (jobs: number) => {
      const { code, err } = await spawnDeepid(args, (child, told) => {
        if (told.split("pictures:").length > jobs) child.kill("SIGKILL");
      });
      expect(code, err).toBeNull();
    };
    await Promise.all([killedAfter(1), killedAfter(2)]);
    await Promise.all([killedAfter(1), spawnDeepid(args), spawnDeepid(args)]);

    const status = await resultOf("work", "status", ...store());
    expect(status).toMatchObject({
      jobs: { waiting: 0, active: 0, failed: 0 },
      pictures: { waiting: 0, passedOver: 1, failed: 0 },
    });
    expect(status.failures).toMatchObject([
      { pictures: ["P0/broken.png"], reason: expect.stringContaining("P0/broken.png: not a picture") },
    ]);
    const gallery = await openStore(server.url());
    try {
      expect(await gallery.count()).toEqual({ people: PEOPLE, faces: PEOPLE * PICTURES });
      const people = await gallery.people();
      const faces = await gallery.facesOf(people.map(({ id }) => id));
      expect(new Set(faces.map(({ fields }) => fields.picture)).size).toBe(PEOPLE * PICTURES);
    } finally {
      await gallery.close();
    }
    expect(await resultOf(...add)).toMatchObject({ jobs: 16 });
    expect(await resultOf(...args)).toMatchObject({ added: 0, known: PEOPLE * PICTURES, failed: 0 });
  });

  test("a worker groups the faces on photos, and writes the table that deepid cluster writes", {
    timeout: 120_000,
  }, async () => {
    const [groups, own] = [join(await newFolder(), "groups.csv"), join(await newFolder(), "own.csv")];
    const photos = join(folder, "P1");
    const add = ["work", "add", photos, "--cluster", groups, ...store()];
    expect(await resultOf(...add)).toEqual({ jobs: 1, photos: PICTURES });
    await resultOf("work", ...store(), "--model", model, "--until-empty");
    expect((await deepid("cluster", photos, "--model", model, "--csv", own)).code).toBe(0);
    expect(await readFile(groups, "utf8")).toBe(await readFile(own, "utf8"));
    const nowhere = await deepid(...add.with(4, folder));
    expect([nowhere.code, nowhere.err]).toEqual([2, expect.stringContaining(folder)]);
  });

  test("a worker groups the faces under one name, and groups that have got a name become people", {
    timeout: 120_000,
  }, async () => {
    const groups = join(await newFolder(), "groups.csv");
    const add = ["work", "add", "--cluster", groups, "--person", "P1", ...store()];
    expect(await resultOf(...add)).toEqual({ jobs: 1, faces: PICTURES });
    expect(await resultOf("work", ...store(), "--model", model, "--until-empty")).toMatchObject({
      jobs: 1,
      failed: 0,
    });
    const table = await readFile(groups, "utf8");
    expect(table.match(/^\d+,,P1,P1\/\d,\d+$/gm)).toHaveLength(PICTURES);
    const enroll = ["cluster", "--enroll", groups, ...store(), "--model", model];
    const unnamed = await deepid(...enroll);
    expect([unnamed.code, unnamed.err]).toEqual([3, expect.stringContaining("no group has a name")]);
    await writeFile(groups, table.replaceAll(/^(\d+),,/gm, "$1,Ann,"));
    expect(await resultOf(...enroll)).toMatchObject({ added: PICTURES, people: PEOPLE });
    expect((await deepid("cluster", "--model", model)).err).toContain("give photos");
    const stranger = await deepid(...add.with(5, "P1"));
    expect([stranger.code, stranger.err]).toEqual([2, expect.stringContaining('nobody called "P1"')]);
    const both = await deepid("work", "add", folder, "--person", "Ann", ...store());
    expect([both.code, both.err]).toEqual([2, expect.stringContaining("--person goes with --cluster")]);
  });

  test("more faces than can be grouped at once are refused when the job is added", async () => {
    const faces = "deepid_gallery.faces";
    const columns = "person, code, vector, thumbnail, fields, checksum, thumbnail_checksum";
    await query(
      server.url(),
      `INSERT INTO ${faces} (id, ${columns})
       SELECT -n, ${columns} FROM (SELECT ${columns} FROM ${faces} LIMIT 1) one, generate_series(1, 100000) n`,
    );
    const groups = join(await newFolder(), "groups.csv");
    const { code, err } = await deepid("work", "add", "--cluster", groups, ...store());
    expect([code, err]).toEqual([2, expect.stringContaining("at most 100,000 faces are grouped at once")]);
    const { jobs } = await resultOf("work", "status", ...store());
    expect(jobs).toMatchObject({ waiting: 0 });
    await query(server.url(), `DELETE FROM ${faces} WHERE id < 0`);
  });

  test("a tar, and a gallery that is no PostgreSQL database, are refused", async () => {
    const tar = join(folder, "people.tgz");
    await writeFile(tar, "");
    const { code, err } = await deepid("work", "add", tar, ...store());
    expect([code, err]).toEqual([2, expect.stringContaining("unpack it, or make a zip")]);
    expect((await deepid("work", "--store", "people.sqlite")).code).toBe(2);
  });

  test("a service on the gallery shows in its metrics what waits for workers", async () => {
    await query(server.url(), "CREATE DATABASE served");
    const service = await startTestService({ gallery: server.url("served"), galleryMemory: 1e8 });
    try {
      await addImport(server.url("served"), folder, { aligned: true });
      const numbers = await (await fetch(`${service.url}/api/v1/metrics`)).text();
      expect(numbers).toContain("deepid_gallery_memory_repairs 0");
      expect(numbers).toContain("deepid_work_pictures_waiting 61");
    } finally {
      await service.close();
    }
  });
});
