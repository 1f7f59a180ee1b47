/** The README's table: the paper's numbers beside those of results/*.json. */

interface Score {
  readonly metric: string;
  readonly accuracy: { readonly mean: number; readonly standardError: number };
}

/** Results by path; undefined where there are none. */
type Read = (path: string) => unknown;

const START = "<!-- results -->";
const END = "<!-- /results -->";

/** `readme` with the table between its marks replaced. */
export function readmeWithResults(readme: string, read: Read): string {
  const [start, end] = [readme.indexOf(START), readme.indexOf(END)];
  if (start < 0 || end < start) throw new Error(`README.md: needs ${START} and ${END}`);
  return `${readme.slice(0, start)}${START}\n${resultsTable(read)}\n${readme.slice(end)}`;
}

const percent = (value: number) => (100 * value).toFixed(2);

function resultsTable(read: Read): string {
  const lfw = read("results/lfw-whole-face.json") as { metrics: readonly Score[] } | undefined;
  if (!lfw) return "No full-size run yet.";
  const score = (metric: string) => {
    const found = lfw.metrics.find((entry) => entry.metric === metric);
    if (!found) throw new Error(`results/lfw-whole-face.json: no ${metric}`);
    return `${percent(found.accuracy.mean)} ± ${percent(found.accuracy.standardError)}`;
  };
  const rows = [
    ["one net, whole face, Joint Bayesian", "98.70 (best single net)", score("joint-bayesian")],
    ["one net, cosine", "", score("cosine")],
    ["one net, 1,024 bits, Hamming distance", "96.45", score("hamming")],
    ["25 nets, Joint Bayesian", "99.47 ± 0.12", "not trained yet"],
    ["training pictures (people)", "290,000 (12,000)", trainingSet(read)],
  ];
  return [
    "| LFW verification, View 2, % | paper | ours |",
    "|---|---|---|",
    ...rows.map((row) => `| ${row.join(" | ")} |`),
  ].join("\n");
}

function trainingSet(read: Read): string {
  const card = read("models/whole-face/model.json") as { training: { pictures: number; people: number } };
  return `${card.training.pictures.toLocaleString("en")} (${card.training.people.toLocaleString("en")}), CelebA`;
}
