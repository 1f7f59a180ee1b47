/** Features of a folder of people, for programs of one's own. Usage: node dist/extract.js PEOPLE */
import { openRecognizer } from "deepid2plus";

if (process.argv.length < 3) {
  console.error("usage: node dist/extract.js PEOPLE");
  process.exit(2);
}
await using faces = await openRecognizer();
const set = await faces.extract(process.argv[2]);
console.log(`${set.rows} pictures of ${new Set(set.identities).size} people, ${set.dimension} numbers each`);
