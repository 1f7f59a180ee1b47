/** Who is who on photos of nobody knows whom? Usage: node dist/cluster.js PHOTOS */
import { openRecognizer } from "deepid2plus";

await using faces = await openRecognizer();
const { groups } = await faces.cluster(process.argv[2]);
for (const group of groups) console.log(group.map(({ name }) => name).join(" "));
