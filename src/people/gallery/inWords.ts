/** Galleries, receipts and servers as text for people. */
import { columns, count, counted } from "../../base/text/index.ts";
import type { Approximate } from "./postgres/approximate.ts";
import type { ClusterStatus, Move } from "./postgres/cluster.ts";
import type { CheckResult, Damage, KeptRemoval } from "./store.ts";

/** "1 person, 2 faces": what a gallery holds. */
export const contentText = ({ people, faces }: { readonly people: number; readonly faces: number }): string =>
  `${counted(people, "person", "people")}, ${counted(faces, "face")}`;

/** What was erased, a line for each removal. */
export const receiptsText = (receipts: readonly KeptRemoval[]): string =>
  receipts.length === 0
    ? "nothing was erased"
    : columns(
        receipts.map(({ receipt, time, personId, faces, pending }) => [
          String(receipt),
          `${time}: ${counted(faces.length, "face")} of person ${personId}${pending.length > 0 ? ", something pending" : ""}`,
        ]),
      );

/** A receipt as text; the name of who was erased is only in the first one. */
export const receiptText = ({ person, ...removal }: KeptRemoval & { person?: string }): string => {
  const who = person ?? `number ${removal.personId}`;
  return columns([
    ["receipt", `${removal.receipt}, of ${removal.time}`],
    ["person", removal.personRemoved ? `${who}, removed` : who],
    [
      "erased",
      `${counted(removal.faces.length, "face")}: ${counted(removal.codes, "code")}, ` +
        `${counted(removal.vectors, "vector")}, ${counted(removal.thumbnails, "thumbnail")}`,
    ],
    ...removal.checks.map((check) => ["checked", check] as const),
    ...removal.pending.map((what) => ["pending", what] as const),
  ]);
};

/** Lines of damage shown. */
const SHOWN = 100;

/** What a check has found. */
export const checkText = ({ people, faces, checksums, damage }: CheckResult): string =>
  [
    columns([
      ["people", count(people)],
      ["faces", count(faces)],
      ["checksums", checksums],
      ["damaged", damage.length === 0 ? "nothing" : count(damage.length)],
    ]),
    ...damage.slice(0, SHOWN).map(damageLine),
    ...(damage.length > SHOWN ? [`and ${count(damage.length - SHOWN)} more (--json lists all)`] : []),
  ].join("\n");

/** "face 3, person 2, Ann: its code was changed". */
export function damageLine(damage: Damage): string {
  const who = whoIsDamaged(damage);
  return who === "" ? damage.reason : `${who}: ${damage.reason}`;
}

const whoIsDamaged = ({ face, person, name }: Damage): string =>
  [face && `face ${face}`, person && `person ${person}`, name].filter(Boolean).join(", ");

/** What is left out of the gallery at `place`, as skipped files are told. */
export const damageSkipped = (place: string, damage: Damage) => ({
  file: whoIsDamaged(damage),
  reason: `${place}: ${damageLine(damage)}`,
});

const VECTOR = "searches in SQL use it where all faces are on this server";

/** What an approximate search misses, and what it gains. */
export const approximateText = ({
  place,
  recall,
  k,
  faces,
  queries,
  ...ms
}: Omit<Approximate, "place"> & { place?: string }) =>
  `${place === undefined ? "" : `${place}: `}approximate search finds ${(100 * recall).toFixed(1)} % of the ${k} nearest of ${count(faces)} ` +
  `faces (${count(queries)} searches), in ${milliseconds(ms.approximateMs)} instead of ${milliseconds(ms.exactMs)}`;

/** What is where, and how fast it answers. */
export const clusterText = ({
  place,
  people,
  faces,
  partitions,
  extensions,
  health,
}: ClusterStatus): string =>
  columns([
    ["coordinator", `${place}: ${contentText({ people, faces })}`],
    ...partitions.map(({ name, server, faces }): [string, string] => {
      const ms = health.searchMs[name];
      return [
        name,
        ms === undefined
          ? `${server}: does not answer`
          : `${server}: ${count(faces)} faces, searched in ${milliseconds(ms)}`,
      ];
    }),
    ...(extensions.vector ? [["pgvector", `${extensions.vector}: ${VECTOR}`] as const] : []),
    ...(extensions.citus ? [["Citus", `${extensions.citus}: not used`] as const] : []),
    [
      "a question",
      `${milliseconds(health.roundTripMs)}; what has changed: ${milliseconds(health.changesMs)}`,
    ],
    ...health.findings.map((finding): [string, string] => ["slow", finding]),
  ]);

const milliseconds = (ms: number) => `${ms.toFixed(1)} ms`;

/** Which partitions are to go where. */
export const movesText = (moves: readonly Move[]): string =>
  moves.length === 0
    ? "nothing to move"
    : columns(
        moves.map(({ partition, from, to, faces }) => [
          partition,
          `${from} -> ${to} (${count(faces)} faces)`,
        ]),
      );
