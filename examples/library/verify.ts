/** One person or two? Usage: node dist/verify.js A.jpg B.jpg */
import { openRecognizer } from "deepid2plus";

if (process.argv.length < 4) {
  console.error("usage: node dist/verify.js A.jpg B.jpg");
  process.exit(2);
}
const [a, b] = process.argv.slice(2);
await using faces = await openRecognizer();
const answer = await faces.verify(a, b);
console.log(answer.ok ? `${answer.verdict}: ${answer.explanation}` : answer.message);
