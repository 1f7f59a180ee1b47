/** A folder of people, person/photo.jpg, into a gallery. Usage: node dist/register.js PEOPLE people.db */
import { openRecognizer } from "deepid2plus";

if (process.argv.length < 4) {
  console.error("usage: node dist/register.js PEOPLE people.db");
  process.exit(2);
}
const [people, gallery] = process.argv.slice(2);
await using faces = await openRecognizer({ gallery });
const done = await faces.registerFolder(people); // run it again: it goes on where it was, and leaves out pictures whose names are there
for (const { reason } of done.passedOver) console.error(reason);
console.log(`${done.people} people, ${done.faces} faces`);
