/** The page's looks: one column of text, wide figures, light or dark as the reader has it. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --ink: #1f2328; --soft: #59636e; --line: #d5dae0; --paper: #ffffff; --raised: #f6f8fa; --accent: #2f7fd6; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #d6dbe1; --soft: #97a1ac; --line: #343b44; --paper: #11151a; --raised: #1a2027; --accent: #6aa9ee; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 17px/1.6 system-ui, -apple-system, "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 3rem 1.25rem 5rem; }
h1 { font-size: clamp(1.7rem, 1.2rem + 2.2vw, 2.5rem); line-height: 1.15; letter-spacing: -0.02em; margin: 0 0 0.8rem; text-wrap: balance; }
h2 { font-size: 1.35rem; line-height: 1.25; letter-spacing: -0.01em; margin: 3.2rem 0 0.6rem; padding-top: 1.2rem; border-top: 1px solid var(--line); }
p { max-width: 42rem; margin: 0 0 1rem; overflow-wrap: anywhere; text-wrap: pretty; }
.summary { font-size: 1.12rem; color: var(--soft); }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: 0.75rem; margin: 1.8rem 0 0; }
.facts div { background: var(--raised); border: 1px solid var(--line); border-radius: 10px; padding: 0.8rem 1rem; }
.facts dt { font-size: 0.82rem; color: var(--soft); line-height: 1.35; }
.facts dd { margin: 0.15rem 0 0; font-size: 1.45rem; font-weight: 650; letter-spacing: -0.01em; font-variant-numeric: tabular-nums; }
nav ol { columns: 16rem; column-gap: 1.2rem; padding-left: 0; margin: 1.8rem 0 0; font-size: 0.95rem; }
nav li { margin-left: 1.2rem; break-inside: avoid; }
a { color: var(--accent); text-underline-offset: 0.18em; }
figure { margin: 1.6rem 0; }
.chart { overflow-x: auto; }
.chart svg { display: block; max-width: 100%; height: auto; color: inherit; }
figcaption, caption { font-size: 0.9rem; color: var(--soft); line-height: 1.45; overflow-wrap: anywhere; }
figcaption { margin-top: 0.5rem; max-width: 42rem; }
.file { font-size: 0.8rem; margin-left: 0.35rem; }
.images { display: grid; grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr)); gap: 1rem; margin: 1.6rem 0; padding: 0; list-style: none; }
.images .wide { grid-column: 1 / -1; }
.images figure { margin: 0; }
.images .row { display: flex; gap: 3px; border-radius: 8px; overflow: hidden; background: var(--raised); }
.images img { flex: 1 1 0; min-width: 0; width: 100%; height: auto; display: block; }
.images .small .row { flex-wrap: wrap; background: none; }
.images .small img { flex: 0 0 auto; width: 66px; border-radius: 4px; }
.images figcaption { margin-top: 0.35rem; font-size: 0.82rem; }
.table { overflow-x: auto; margin: 1.6rem 0; }
table { border-collapse: collapse; font-size: 0.95rem; font-variant-numeric: tabular-nums; min-width: min(100%, 26rem); }
caption { text-align: left; padding-bottom: 0.5rem; }
th, td { text-align: left; vertical-align: top; padding: 0.45rem 1.4rem 0.45rem 0; border-bottom: 1px solid var(--line); }
thead th { font-weight: 600; border-bottom: 2px solid var(--line); white-space: nowrap; }
tbody th { font-weight: 400; min-width: 9rem; overflow-wrap: anywhere; }
.number { text-align: right; white-space: nowrap; }
@media print { main { max-width: none; padding: 0; } h2 { break-after: avoid; } figure, table { break-inside: avoid; } nav { display: none; } }
`;
