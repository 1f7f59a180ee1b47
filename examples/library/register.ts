/** A folder of people, person/photo.jpg, into a gallery. Usage: node dist/register.js PEOPLE people.db */
import { openRecognizer } from "deepid2plus";

const [people, gallery] = process.argv.slice(2);
await using faces = await openRecognizer({ gallery });
const done = await faces.registerFolder(people); // run it again: it goes on where it was, and adds nothing twice
for (const { reason } of done.passedOver) console.error(reason);
console.log(`${done.people} people, ${done.faces} faces`);
