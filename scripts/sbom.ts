/**
 * `npm run sbom`: what is shipped, as a CycloneDX bill of materials, and under which licences. Both come from the lock
 * file alone, so that no network is needed. A licence that is not on the list below fails the command: somebody has to
 * read it first.
 */
import { execFileSync } from "node:child_process";
import { writeFileAtomic } from "../src/base/files/index.ts";
import { columns } from "../src/base/text/index.ts";

/** Licences that have been read, by SPDX; all of them allow what Apache-2.0 allows, with notices kept. */
const READ = new Set([
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "ISC",
  "MIT",
  "Python-2.0",
]);
/** Of libraries that stay apart from this program, which is what it asks for: sharp's libvips, loaded at run time. */
const LINKED = new Set(["LGPL-3.0-or-later"]);

interface Component {
  readonly name: string;
  readonly group?: string;
  readonly version: string;
  readonly licenses?: readonly {
    readonly license?: { readonly id?: string; readonly name?: string };
    readonly expression?: string;
  }[];
}

const [out = "dist"] = process.argv.slice(2);
const text = execFileSync("npm", ["sbom", "--sbom-format=cyclonedx", "--omit=dev", "--package-lock-only"], {
  encoding: "utf8",
  maxBuffer: 2 ** 28,
});
const { components } = JSON.parse(text) as { readonly components: readonly Component[] };
const shipped = components
  .map((component) => ({
    name: `${component.group ? `${component.group}/` : ""}${component.name}`,
    version: component.version,
    licence: licenceOf(component),
  }))
  .sort((a, b) => (a.name < b.name ? -1 : 1));

await writeFileAtomic(`${out}/sbom.cdx.json`, `${JSON.stringify(JSON.parse(text), null, 2)}\n`);
const rows = shipped.map(({ name, version, licence }) => `| ${name} | ${version} | ${licence} |`);
await writeFileAtomic(
  `${out}/licences.md`,
  ["# Licences of what is shipped", "", "| package | version | licence |", "|---|---|---|", ...rows, ""].join(
    "\n",
  ),
);

const counts = new Map<string, number>();
for (const { licence } of shipped) counts.set(licence, (counts.get(licence) ?? 0) + 1);
console.log(columns([...counts].sort((a, b) => b[1] - a[1]).map(([licence, n]) => [licence, String(n)])));
console.log(`${shipped.length} packages: ${out}/sbom.cdx.json, ${out}/licences.md`);
const unread = shipped.filter(({ licence }) => !isRead(licence));
if (unread.length > 0) {
  console.error(`not read yet: ${unread.map(({ name, licence }) => `${name} (${licence})`).join(", ")}`);
  process.exitCode = 1;
}

function licenceOf({ licenses = [] }: Component): string {
  const all = licenses.map(
    ({ license, expression }) => expression ?? license?.id ?? license?.name ?? "not stated",
  );
  return all.join(" AND ") || "not stated";
}

/** Every part of an AND, and one part of an OR, is on the list. */
function isRead(expression: string): boolean {
  const plain = expression.replace(/[()]/g, "");
  return plain
    .split(/ AND /)
    .every((part) =>
      part.split(/ OR /).some((licence) => READ.has(licence.trim()) || LINKED.has(licence.trim())),
    );
}
