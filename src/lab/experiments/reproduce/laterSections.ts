/** Tables 3 and 4, the paper's and ours. */
import { count, formatPercent } from "../../../base/text/index.ts";
import type { IdentificationSummary, OpenSetSummary, Spread } from "../../../matching/protocols/index.ts";
import { TABLE_3, TABLE_4, type VerificationTables } from "../../paper/index.ts";
import { comparisonTable, numeric } from "../../report/index.ts";
import type { MeasuredTables } from "./measure.ts";
import type { TablesSection } from "./tablesSection.ts";

const two = { digits: 2 } as const;
export const netsOf = (nets: number) => (nets === 1 ? "1 net" : `${nets} nets`);

/** Table 3. */
export function identificationSection({ identification, tables: { nets } }: MeasuredTables): TablesSection {
  const cells = TABLE_3.map(({ method, rank1, detection }) => [
    method,
    formatPercent(rank1),
    formatPercent(detection),
    "as the paper prints it",
  ]);
  return {
    heading: "Table 3: identification",
    prose: identification
      ? `Closed set: ${count(identification.closed.probes)} probes among ${count(identification.closed.people)} people of one ` +
        `face each. Open set: ${count(identification.openSingle.people)} known people and ` +
        `${count(identification.openSingle.impostors)} faces of others. The lists behind the paper's table were never released; ours ` +
        `are drawn in their sizes, ${identification.seeds.length} times: mean and standard deviation.`
      : "The paper's rows; ours were not asked for.",
    tables: [
      {
        caption:
          "Closed-set rank-1, and detection and identification rate at a false alarm rate of 1 %, on LFW",
        columns: [{ name: "Method" }, ...numeric("Rank-1", "DIR"), { name: "Where the number comes from" }],
        rows: [...cells, ...(identification ? identifiedRows(identification, nets) : [])],
      },
    ],
  };
}

/** The three ways of enrolling known people; the closed set has one of them. */
function identifiedRows(
  { closed, openSingle, openMany, openManyBySet }: IdentificationSummary,
  nets: number,
): string[][] {
  const percent = ({ mean, deviation }: Spread) => formatPercent(mean, { ...two, error: deviation });
  const found = ({ detection }: OpenSetSummary) =>
    percent(detection.find(({ falseAlarmRate }) => falseAlarmRate === 0.01)!.rate);
  const ours = `Ours: DeepID2+, ${netsOf(nets)}`;
  return [
    [`${ours}, one face enrolled`, percent(closed.rank1), found(openSingle), "measured here"],
    [`${ours}, all but one enrolled, the best counts`, "", found(openMany), "measured here"],
    ...(openManyBySet
      ? [[`${ours}, all but one enrolled, all count together`, "", found(openManyBySet), "measured here"]]
      : []),
  ];
}

/** Table 4. */
export function binarySection({ nets, single, combined, binary }: VerificationTables): TablesSection {
  const [one, all] = [binary[0], binary[binary.length - 1]];
  const paper = (k: number) => TABLE_4[k];
  const row = (what: string, published: number | null, ours: VerificationTables["single"] | null) => ({
    what,
    where: "Table 4",
    paper: published,
    ours: ours?.accuracy.mean ?? null,
    error: ours?.accuracy.standardError,
  });
  return {
    heading: "Table 4: binary codes",
    prose:
      "A bit says whether a neuron fires: FC-4 above zero, 64 bytes for 512 neurons. What is lost against the numbers " +
      "themselves is small in the paper; here it is beside it.",
    tables: [
      comparisonTable("FC-4 as numbers and as bits", [
        row("numbers, 1 net, Joint Bayesian", paper(0).jointBayesian, single),
        row(`numbers, ${netsOf(nets)}, Joint Bayesian`, paper(1).jointBayesian, combined),
        row("bits, 1 net, Joint Bayesian", paper(2).jointBayesian, one.jointBayesian),
        row("bits, 1 net, Hamming distance", paper(2).hamming, one.hamming),
        row(`bits, ${netsOf(nets)}, Joint Bayesian`, paper(3).jointBayesian, all.jointBayesian),
        row(`bits, ${netsOf(nets)}, Hamming distance`, paper(3).hamming, all.hamming),
      ]),
    ],
  };
}
