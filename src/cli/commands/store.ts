/** `deepid store`: galleries in PostgreSQL, on one server or several. */
import type { Command } from "commander";
import { InputError } from "../../base/errors/index.ts";
import { createRng } from "../../base/random/index.ts";
import { count, paragraph } from "../../base/text/index.ts";
import { openSystem } from "../../nets/models/index.ts";
import {
  approximatePostgres,
  approximateText,
  clusterText,
  initPostgres,
  movePartition,
  movesText,
  planRebalance,
  postgresStatus,
  settingsFor,
} from "../../people/gallery/index.ts";
import { galleryModelOf } from "../../people/recognizer/index.ts";
import { addExamples, setAction } from "../support/command.ts";
import type { Io } from "../support/io.ts";
import { addModelOption, wholeNumber } from "../support/options.ts";
import type { Output } from "../support/output.ts";
import { keyFrom, postgresUrl } from "../support/place.ts";

interface InitOptions {
  readonly model: string;
  readonly shards?: string[];
  readonly partitions?: number;
  readonly codesOnly?: boolean;
}

export function addStore(program: Command, io: Io): void {
  const store = program
    .command("store")
    .summary("galleries in PostgreSQL, on one server or several")
    .description(
      "Makes a gallery in PostgreSQL (14 or newer), says what is where, and plans how to spread it.",
    );
  addInit(store, io);
  addStatus(store, io);
  addRebalancePlan(store, io);
  addMove(store, io);
  addApproximate(store, io);
  addExamples(
    store,
    "deepid store init postgres://postgres@db1/faces --model models/whole-face",
    "deepid store status postgres://postgres@db1/faces",
  );
}

function addInit(store: Command, io: Io): void {
  const command = store
    .command("init")
    .summary("make a gallery")
    .description(paragraph`
      Makes the tables of a gallery. With --shards faces lie on those servers and are searched there, over
      postgres_fdw; the first server keeps people and settings. The number of partitions is for good: take
      several for each server, so that some can move to servers to come.
    `)
    .argument("<url>", "postgres://user:password@host:port/database", postgresUrl)
    .option("--shards <urls>", "servers for the faces, with commas between", urlList)
    .option("--partitions <n>", "parts that faces are divided into (default: one a server)", wholeNumber(1))
    .option("--codes-only", "binary codes alone: no likelihood ratios");
  addModelOption(command);
  addExamples(
    command,
    "deepid store init postgres://postgres@db1/faces --model models/whole-face",
    "deepid store init postgres://postgres@db1/faces --model models/whole-face " +
      "--shards postgres://postgres@db2/faces,postgres://postgres@db3/faces --partitions 8",
  );
  setAction<InitOptions>(command, io, async ([url], options, output) => {
    const { shards, partitions, codesOnly } = options;
    const system = await openSystem(options.model);
    const settings = settingsFor(galleryModelOf(system), { ...keyFrom(io), codesOnly });
    await system.release();
    await initPostgres(url, settings, { shards, partitions });
    await tellStatus(url, output);
  });
}

function addStatus(store: Command, io: Io): void {
  const command = store
    .command("status")
    .summary("what is where, what is slow, and why")
    .description(
      "Says how many faces each partition holds, on which server, how long a question and a search take there, and what " +
        "makes it slow, as far as the servers know.",
    )
    .argument("<url>", "postgres://user:password@host:port/database", postgresUrl);
  addExamples(command, "deepid store status postgres://postgres@db1/faces --json");
  setAction(command, io, ([url], _, output) => tellStatus(url, output));
}

function addRebalancePlan(store: Command, io: Io): void {
  const command = store
    .command("rebalance-plan")
    .summary("what to move where")
    .description(paragraph`
      Plans which partitions to move so that the given servers hold about as many faces each. It moves nothing:
      \`deepid store move\` does.
    `)
    .argument("<url>", "postgres://user:password@host:port/database", postgresUrl)
    .requiredOption("--servers <list>", "host:port/database of every server that is to hold faces", textList);
  addExamples(
    command,
    "deepid store rebalance-plan postgres://postgres@db1/faces --servers db2:5432/faces,db3:5432/faces,db4:5432/faces",
  );
  setAction<{ readonly servers: string[] }>(command, io, async ([url], { servers }, output) => {
    const { partitions, health } = await postgresStatus(url);
    const silent = partitions.find(({ name }) => health.searchMs[name] === undefined);
    if (silent)
      throw new InputError(`${silent.name} on ${silent.server}: does not answer; nothing can be planned`);
    const moves = planRebalance(partitions, servers);
    output.result({ moves }, movesText(moves));
  });
}

function addMove(store: Command, io: Io): void {
  const command = store
    .command("move")
    .summary("move a partition to another server")
    .description(paragraph`
      Copies a partition to another server and puts the copy in its place, in one transaction: searches and
      changes wait meanwhile, and if it fails everything is as it was.
    `)
    .argument("<url>", "the gallery: postgres://user:password@host:port/database", postgresUrl)
    .argument("<partition>", "as `deepid store rebalance-plan` names it")
    .requiredOption("--to <url>", "the server that is to hold it", postgresUrl);
  addExamples(
    command,
    "deepid store move postgres://postgres@db1/faces faces_3 --to postgres://postgres@db4/faces",
  );
  setAction<{ readonly to: string }>(command, io, async ([url, partition], { to }, output) => {
    const moved = await movePartition(url, partition, to);
    output.result(moved, `${partition} is on ${moved.to} now, with ${count(moved.faces)} faces`);
  });
}

function addApproximate(store: Command, io: Io): void {
  const command = store
    .command("approximate")
    .summary("build pgvector's approximate index, and measure what it misses")
    .description(paragraph`
      Where the server has the extension vector: builds its HNSW indexes of the codes, and prints their recall on this
      gallery. Only searches with --approximate use them.
    `)
    .argument("<url>", "postgres://user:password@host:port/database", postgresUrl);
  addExamples(command, "deepid store approximate postgres://postgres@db1/faces");
  setAction(command, io, async ([url], _, output) => {
    const measured = await approximatePostgres(url, { rng: createRng(1), now: io.now });
    output.result(measured, approximateText(measured));
  });
}

const urlList = (text: string) => text.split(",").map(postgresUrl);
const textList = (text: string) => text.split(",").map((part) => part.trim());

async function tellStatus(url: string, output: Output): Promise<void> {
  const status = await postgresStatus(url);
  output.result(status, clusterText(status));
}
