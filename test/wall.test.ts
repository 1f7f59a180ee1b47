/** The wall: rooms that are not listed as using Node compile as for a page, where there is neither Node nor its globals. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { ROOT } from "./support/service.ts";

/** By wing. */
interface Layers {
  readonly rooms: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  readonly nodeRooms: Readonly<Record<string, readonly string[]>>;
}
const { rooms, nodeRooms }: Layers = await import(join(ROOT, "layers.mjs"));

/** Every program of the rooms that run in a browser, too. */
const programs = Object.entries(rooms).flatMap(([wing, table]) =>
  Object.keys(table)
    .filter((room) => !nodeRooms[wing]?.includes(room))
    .flatMap((room) =>
      readdirSync(join(ROOT, "src", wing, room), { recursive: true, encoding: "utf8" })
        .filter((file) => /(?<!\.test)\.ts$/.test(file))
        .map((file) => join(ROOT, "src", wing, room, file)),
    ),
);

test("rooms that run in a browser compile without Node's types", { timeout: 240_000 }, () => {
  const { config } = ts.readConfigFile(join(ROOT, "tsconfig.browser.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  const program = ts.createProgram([...programs, join(ROOT, "src/browser.ts")], {
    ...options,
    incremental: false,
  });
  const files = program.getSourceFiles().map(({ fileName }) => fileName);
  expect(files.filter((file) => file.includes("@types/node/"))).toEqual([]);
  const messages = ts
    .getPreEmitDiagnostics(program)
    .map(
      ({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`,
    );
  expect(messages).toEqual([]);
  expect(programs.length).toBeGreaterThan(150);
});
