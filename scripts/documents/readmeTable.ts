/** The README's table: the paper's numbers beside those of results/. */
import type { Numbers } from "./numbers.ts";

export function resultsTable(numbers: Numbers): string {
  const ours = (name: keyof Numbers) => numbers[name]().replace(" %", "");
  const rows = [
    ["one net, Joint Bayesian", "98.70 (best single net)", `${ours("one-net")} (whole face)`],
    ["all nets, Joint Bayesian", "99.47 ± 0.12 (25 nets)", `${ours("all-nets")} (${numbers.nets()} nets)`],
    ["high-dimensional LBP, Joint Bayesian", "95.17 ± 1.13", ours("lbp")],
    ["one net, 1,024 bits, Joint Bayesian", "97.67", ours("one-net-bits")],
    ["one net, 1,024 bits, Hamming distance", "96.45", ours("one-net-hamming")],
    ["all nets, bits, Joint Bayesian", "99.12", ours("all-nets-bits")],
    ["all nets, bits, Hamming distance", "97.47", ours("all-nets-hamming")],
  ];
  return [
    "| accuracy on LFW View 2, % | paper | ours |",
    "|---|---|---|",
    ...rows.map((row) => `| ${row.join(" | ")} |`),
  ].join("\n");
}
