/** The documents that hold generated text, and what generates it. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { drawing, roomRows } from "./architecture.ts";
import { clusterTexts } from "./clusterTable.ts";
import { detectionNumbers } from "./detectionNumbers.ts";
import { allNetsTable, oneNetTable, systemNumbers } from "./evaluationTables.ts";
import { figure3 } from "./figure3.ts";
import { findingNumbers } from "./findingNumbers.ts";
import { firstUse } from "./firstUse.ts";
import { galleryTables } from "./galleryTables.ts";
import { withGenerated } from "./generated.ts";
import { groupsTable } from "./groupsTable.ts";
import { harderTable } from "./harderTable.ts";
import { numbersOf } from "./numbers.ts";
import { ownPhotos } from "./ownPhotos.ts";
import { pointNumbers, pointsTable } from "./pointsTable.ts";
import { resultsTable } from "./readmeTable.ts";
import { scaleTables } from "./scale.ts";
import { shortlistNumbers } from "./shortlistNumbers.ts";
import { findingsTables } from "./studiesTable.ts";
import { studioNumbers } from "./studioNumbers.ts";
import { taughtNumbers } from "./taughtNumbers.ts";
import { trainingTables } from "./trainingTables.ts";

/** Every document of the repository that readers see: at its root, in docs/, and the cards of the models. */
export const DOCUMENTS: readonly string[] = [
  ...["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"],
  ...readdirSync("docs")
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
  ...readdirSync("models")
    .map((name) => `models/${name}/README.md`)
    .filter((path) => existsSync(path)),
];

/** Each document as it is, and as results/ and layers.mjs would have it. */
export async function documents(): Promise<{ path: string; now: string; generated: string }[]> {
  const numbers = await numbersOf("results");
  const read = (path: string) => (existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined);
  const generators = {
    ...numbers,
    ...(await taughtNumbers("results")),
    ...(await studioNumbers("results")),
    ...(await shortlistNumbers("results")),
    ...systemNumbers(read),
    "one-net-table": () => oneNetTable(read),
    "all-nets-table": () => allNetsTable(read),
    ...(await scaleTables("results")),
    "results-table": () => resultsTable(numbers),
    ...figure3(read),
    ...clusterTexts(read),
    ...galleryTables(read),
    ...trainingTables(read),
    ...detectionNumbers(read),
    ...findingNumbers(read),
    ...firstUse(read),
    ...ownPhotos(read),
    groups: () => groupsTable(read),
    points: () => pointsTable(read),
    ...pointNumbers(read),
    harder: () => harderTable(read),
    findings: () => findingsTables(read),
    wings: drawing,
    rooms: roomRows,
  };
  return DOCUMENTS.map((path) => {
    const now = readFileSync(path, "utf8");
    return { path, now, generated: withGenerated(now, path, generators) };
  });
}
