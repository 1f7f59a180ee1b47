/** The drawing and the table of ARCHITECTURE.md: from the import table, and from the first line of each room's index.ts. */
import { readFileSync } from "node:fs";
import { nodeRooms, rooms, wings } from "../../layers.mjs";

type Table = Readonly<Record<string, readonly string[]>>;
const wingTable: Table = wings;
const roomTable: Readonly<Record<string, Table>> = rooms;

/** The wings from the top down; each uses those below it. Throws where the table says otherwise: then this is no drawing of it. */
export function drawing(): string {
  const names = Object.keys(wingTable);
  for (const [i, name] of names.entries()) {
    const below = names.slice(0, i);
    if (below.some((wing) => !wingTable[name].includes(wing)) || wingTable[name].length !== i) {
      throw new Error(`layers.mjs: ${name} does not use exactly the wings before it`);
    }
  }
  const lines = [...names].reverse().map((name) => {
    const inside = Object.keys(roomTable[name] ?? { commands: [], support: [] });
    return `${name.padEnd(9)} ${inside.join("  ")}`;
  });
  return ["```", ...lines, "```"].join("\n");
}

/** Every room, what it is for, and which rooms of its own wing it uses. */
export function roomRows(): string {
  const rows = Object.entries(roomTable).flatMap(([wing, table]) =>
    Object.entries(table).map(([room, uses]) => {
      const [first] = readFileSync(`src/${wing}/${room}/index.ts`, "utf8").split("\n");
      const [, purpose] = /^\/\/ src\/[\w-]+\/[\w-]+: (.*)$/.exec(first) ?? [];
      if (!purpose)
        throw new Error(`src/${wing}/${room}/index.ts: its first line does not say what it is for`);
      return `| \`${wing}/${room}\` | ${purpose.replaceAll("|", "\\|")} | ${uses.join(", ")} | ${node(wing, room)} |`;
    }),
  );
  return ["| folder | what it is for | uses, in its layer | |", "|---|---|---|---|", ...rows].join("\n");
}

const node = (wing: string, room: string) =>
  (nodeRooms as Readonly<Record<string, readonly string[]>>)[wing]?.includes(room) ? "Node" : "";
