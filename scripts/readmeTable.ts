/** The README's table: the paper's numbers beside those of results/*.json. */
import { type Read, withGenerated } from "./generated.ts";

interface Score {
  readonly accuracy: { readonly mean: number; readonly standardError: number };
}

/** The part of results/lfw-tables.json that is shown. */
interface Tables {
  readonly system: { readonly trainedOn: { readonly people: number; readonly pictures: number } };
  readonly tables: {
    readonly nets: number;
    readonly combined: Score;
    readonly binary: readonly {
      readonly nets: number;
      readonly jointBayesian: Score | null;
      readonly hamming: Score;
    }[];
  };
}

/** The part of results/lfw-codes.json that is shown: the released net with its own matcher. */
interface Codes {
  readonly systems: readonly {
    readonly real: Score;
    readonly binary: readonly { readonly jointBayesian: Score; readonly hamming: Score }[];
  }[];
}

/** `readme` with the table between its marks replaced. */
export const readmeWithResults = (readme: string, read: Read): string =>
  withGenerated(readme, resultsTable(read), "README.md");

const percent = (value: number) => (100 * value).toFixed(2);

function resultsTable(read: Read): string {
  const measured = read("results/lfw-tables.json") as Tables | undefined;
  if (!measured) return "No full-size run yet.";
  const { nets, combined, binary } = measured.tables;
  const net = (read("results/lfw-codes.json") as Codes).systems[0];
  const lbp = read("results/lfw-lbp.json") as Score | undefined;
  const { people, pictures } = measured.system.trainedOn;
  const [bits, all] = [net.binary[0], binary[binary.length - 1]];
  const score = (result: Score | null) =>
    result ? `${percent(result.accuracy.mean)} ± ${percent(result.accuracy.standardError)}` : "not measured";
  const rows = [
    ["one net, Joint Bayesian", "98.70 (the best)", `${score(net.real)} (whole face)`],
    ["all nets, Joint Bayesian", "99.47 ± 0.12 (25 nets)", `${score(combined)} (${nets} nets)`],
    ["high-dimensional LBP, Joint Bayesian", "95.17 ± 1.13", score(lbp ?? null)],
    ["one net as 1,024 bits, Joint Bayesian", "97.67", score(bits.jointBayesian)],
    ["one net as 1,024 bits, Hamming distance", "96.45", score(bits.hamming)],
    ["all nets as bits, Joint Bayesian", "99.12", score(all.jointBayesian)],
    ["all nets as bits, Hamming distance", "97.47", score(all.hamming)],
    [
      "training pictures (people)",
      "290,000 (12,000)",
      `${pictures.toLocaleString("en")} (${people.toLocaleString("en")}), CelebA`,
    ],
  ];
  return [
    "| LFW verification, View 2, % | paper | ours |",
    "|---|---|---|",
    ...rows.map((row) => `| ${row.join(" | ")} |`),
  ].join("\n");
}
