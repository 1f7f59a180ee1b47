/** A model of one's own people. Usage: node dist/train.js PEOPLE models/mine [config.json] */
import { train } from "deepid2plus/train";

if (process.argv.length < 4) {
  console.error("usage: node dist/train.js PEOPLE models/mine [config.json]");
  process.exit(2);
}
const [faces, out, config] = process.argv.slice(2);
const { card, compared } = await train({ faces, out, config });
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
console.log(
  `${card.name} is right for ${percent(compared.accuracy.own)} of pairs of people it has not seen,`,
);
console.log(`${compared.released} for ${percent(compared.accuracy.released)}`);
