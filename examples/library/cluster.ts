/** Who is who on photos of nobody knows whom? Usage: node dist/cluster.js PHOTOS */
import { openRecognizer } from "deepid2plus";

if (process.argv.length < 3) {
  console.error("usage: node dist/cluster.js PHOTOS");
  process.exit(2);
}
await using faces = await openRecognizer();
const { groups } = await faces.cluster(process.argv[2]);
for (const group of groups) console.log(group.map(({ name }) => name).join(" "));
