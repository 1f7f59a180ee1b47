/** What a schema finds wrong with JSON, in one line. */
import { quote } from "./quote.ts";

/** As Zod's errors have it. */
interface Found {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
}

/** Problems shown, and characters of each. */
const [FEW, LONGEST] = [3, 200];

/** "net.maps[2]: expected number, received string; seed: ... and 4 more": the first few problems, and where they are. */
export function schemaProblems({ issues }: Found): string {
  const shown = issues.slice(0, FEW).map(({ path, message }) => {
    const what = message.replace(/^Invalid input: /, "").replace(/[\p{Cc}\p{Cf}]+/gu, " "); // keys of the file among it
    return `${at(path)}${what.length > LONGEST ? `${what.slice(0, LONGEST)}...` : what}`;
  });
  const rest = issues.length - shown.length;
  return `${shown.join("; ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

function at(path: readonly PropertyKey[]): string {
  const steps = path.map((step, i) => {
    if (typeof step === "number") return `[${step}]`;
    const name = String(step);
    if (!/^[\w-]{1,80}$/.test(name)) return `[${quote(name)}]`;
    return i === 0 ? name : `.${name}`;
  });
  return steps.length > 0 ? `${steps.join("")}: ` : "";
}
