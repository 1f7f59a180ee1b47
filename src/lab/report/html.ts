/** One self-contained HTML page: no script, nothing fetched, every name escaped. */
import { InputError } from "../../base/errors/index.ts";
import { PAGE_STYLE } from "./style.ts";
import type { Table } from "./table.ts";
import { escapeMarkup } from "./text.ts";

export interface ReportFigure {
  readonly svg: string; // from a figure function of this folder; stands in the page as it is
  readonly caption?: string;
  readonly files?: readonly string[]; // names of files beside the page: the drawing by itself, its data
}

export interface ReportImage {
  readonly src: string | readonly string[]; // data URIs of PNG, JPEG or WebP; several stand side by side
  readonly caption: string;
  readonly alt?: string; // for those who cannot see it; the caption where missing
  readonly wide?: boolean; // takes a whole row: for many pictures side by side
  readonly small?: boolean; // the same, with pictures of one size, as many as there are
}

export interface ReportSection {
  readonly heading: string;
  readonly prose?: string | readonly string[]; // paragraphs of plain text
  readonly figures?: readonly (string | ReportFigure)[];
  readonly tables?: readonly Table[];
  readonly images?: readonly ReportImage[];
}

export interface Report {
  readonly title: string;
  readonly summary: string | readonly string[]; // paragraphs of plain text
  readonly facts?: readonly { readonly label: string; readonly value: string }[]; // the few numbers that matter most
  readonly sections: readonly ReportSection[];
}

/** Nothing but what stands in the page: no scripts, no fetching, whatever a name tries. */
const POLICY =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** The page's source. */
export function htmlReport({ title, summary, facts = [], sections }: Report): string {
  const name = escapeMarkup(title);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${name}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<main>
<header>
<h1>${name}</h1>
${paragraphs(summary, "summary")}
${factList(facts)}
${contents(sections)}
</header>
${sections.map(section).join("\n")}
</main>
</body>
</html>
`;
}

function paragraphs(prose: string | readonly string[], className?: string): string {
  const attribute = className ? ` class="${className}"` : "";
  return [prose]
    .flat()
    .map((text) => `<p${attribute}>${escapeMarkup(text)}</p>`)
    .join("\n");
}

function factList(facts: NonNullable<Report["facts"]>): string {
  if (facts.length === 0) return "";
  const item = ({ label, value }: { label: string; value: string }) =>
    `<div><dt>${escapeMarkup(label)}</dt><dd>${escapeMarkup(value)}</dd></div>`;
  return `<dl class="facts">${facts.map(item).join("")}</dl>`;
}

/** Links to the sections, where there are enough to get lost among. */
function contents(sections: readonly ReportSection[]): string {
  if (sections.length < 4) return "";
  const links = sections.map(
    ({ heading }, k) => `<li><a href="#section-${k + 1}">${escapeMarkup(heading)}</a></li>`,
  );
  return `<nav aria-label="Contents"><ol>${links.join("")}</ol></nav>`;
}

function section(
  { heading, prose = [], figures = [], tables = [], images = [] }: ReportSection,
  k: number,
): string {
  const id = `section-${k + 1}`;
  return `<section aria-labelledby="${id}">
<h2 id="${id}">${escapeMarkup(heading)}</h2>
${paragraphs(prose)}
${figures.map(figure).join("\n")}
${tables.map(table).join("\n")}
${images.length === 0 ? "" : `<ul class="images">${images.map(image).join("\n")}</ul>`}
</section>`;
}

function figure(drawn: string | ReportFigure): string {
  const { svg, caption, files = [] } = typeof drawn === "string" ? { svg: drawn } : drawn;
  const links = files.map(fileLink).join(" ");
  const text = [caption ? escapeMarkup(caption) : "", links].filter(Boolean).join(" ");
  const below = text === "" ? "" : `<figcaption>${text}</figcaption>`;
  return `<figure><div class="chart" role="group" tabindex="0">${svg}</div>${below}</figure>`;
}

/** A link to a file beside the page, never further. */
function fileLink(name: string): string {
  if (!/^\w[\w.-]*$/.test(name)) {
    throw new InputError(`htmlReport: needs the plain name of a file beside the page, got "${name}"`);
  }
  return `<a class="file" href="${name}">${name.slice(name.lastIndexOf(".") + 1).toUpperCase()}</a>`;
}

function table({ caption, columns, rows }: Table): string {
  const kind = (k: number) => (columns[k].numeric ? ' class="number"' : "");
  const head = columns.map(({ name }, k) => `<th scope="col"${kind(k)}>${escapeMarkup(name)}</th>`);
  const body = rows.map((cells) => {
    if (cells.length !== columns.length) {
      throw new InputError(
        `htmlReport: table "${caption}" has ${columns.length} columns, got a row of ${cells.length}`,
      );
    }
    const drawn = cells.map((cell, k) => {
      const text = escapeMarkup(String(cell));
      return k === 0 ? `<th scope="row"${kind(k)}>${text}</th>` : `<td${kind(k)}>${text}</td>`;
    });
    return `<tr>${drawn.join("")}</tr>`;
  });
  return `<div class="table" role="region" aria-label="${escapeMarkup(caption)}" tabindex="0"><table><caption>${escapeMarkup(caption)}</caption><thead><tr>${head.join("")}</tr></thead><tbody>${body.join("\n")}</tbody></table></div>`;
}

function image({ src, caption, alt = caption, wide = false, small = false }: ReportImage): string {
  const pictures = [src].flat().map((uri, k, all) => {
    if (!/^data:image\/(?:png|jpeg|webp);base64,[A-Za-z0-9+/]+={0,2}$/.test(uri)) {
      throw new InputError(
        `htmlReport: pictures must be data URIs of PNG, JPEG or WebP, got "${uri.slice(0, 40)}"`,
      );
    }
    const place = all.length > 1 ? ` (${k + 1} of ${all.length})` : "";
    return `<img src="${uri}" alt="${escapeMarkup(alt + place)}" loading="lazy">`;
  });
  const kind = small ? ' class="wide small"' : wide ? ' class="wide"' : "";
  return `<li${kind}><figure><div class="row">${pictures.join("")}</div><figcaption>${escapeMarkup(caption)}</figcaption></figure></li>`;
}
