/** What a study comes to: the paper's claim, whether it holds for the features at hand, and the numbers beside each other. */

/** One number of the paper beside ours. */
export interface FindingNumber {
  readonly what: string;
  /** As the paper's text prints it; left out where only a figure shows it. */
  readonly paper?: string;
  readonly ours: string;
}

export interface Finding {
  /** Name of the study: "sparsity", "selectivity" and so on. */
  readonly study: string;
  readonly claim: string;
  /** Section and figures of the paper. */
  readonly where: string;
  /** Whether the claim holds here; null where the features cannot tell. */
  readonly holds: boolean | null;
  /** One sentence that says so, with the numbers that decide it. */
  readonly verdict: string;
  readonly numbers: readonly FindingNumber[];
}
