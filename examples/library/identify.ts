/** Who of the gallery is it? Usage: node dist/identify.js people.db PHOTO.jpg */
import { openRecognizer } from "deepid2plus";

if (process.argv.length < 4) {
  console.error("usage: node dist/identify.js people.db PHOTO.jpg");
  process.exit(2);
}
const [gallery, photo] = process.argv.slice(2);
await using faces = await openRecognizer({ gallery });
const { faces: found } = await faces.identifyAll(photo);
for (const { person } of found) console.log(person?.name ?? "unknown");
