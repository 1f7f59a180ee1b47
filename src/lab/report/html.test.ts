import { parseHTML } from "linkedom";
import { expect, test } from "vitest";
import { formatPercent } from "../../base/text/index.ts";
import { barFigure, comparisonTable, htmlReport, type Report } from "./index.ts";

const PIXEL =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

const report: Report = {
  title: "A run",
  summary: "It went well.",
  facts: [{ label: "Accuracy", value: "95.1 %" }],
  sections: [
    {
      heading: "Verification",
      prose: ["One paragraph.", "Another."],
      figures: [{ svg: barFigure([{ name: "ours", value: 0.9 }], { label: "Accuracy" }), caption: "A bar." }],
      tables: [
        comparisonTable("Paper and here", [
          { what: "One net", where: "Section 4", paper: 0.987, ours: 0.9512, error: 0.003 },
          { what: "Not measured", paper: 0.9947, ours: null },
        ]),
      ],
      images: [{ src: [PIXEL, PIXEL], caption: "two people, score −3.1" }],
    },
  ],
};

test("a report holds its headings, figures, tables and pictures, each with its words", () => {
  const { document } = parseHTML(htmlReport(report));
  const texts = (selector: string) =>
    [...document.querySelectorAll(selector)].map((element) => element.textContent);
  expect(texts("h1")).toEqual(["A run"]);
  expect(texts("h2")).toEqual(["Verification"]);
  expect(texts("section p")).toEqual(["One paragraph.", "Another."]);
  expect(texts("caption")).toEqual(["Paper and here"]);
  expect(texts("tbody tr:first-child > *")).toEqual([
    "One net",
    "Section 4",
    "98.70 %",
    "95.12 ± 0.30 %",
    "−3.58",
  ]);
  expect(texts("tbody tr:last-child > *")).toEqual(["Not measured", "–", "99.47 %", "–", "–"]);
  expect(texts("figcaption")).toEqual(["A bar.", "two people, score −3.1"]);
  expect([...document.querySelectorAll("img")].map((image) => image.getAttribute("alt"))).toEqual([
    "two people, score −3.1 (1 of 2)",
    "two people, score −3.1 (2 of 2)",
  ]);
  expect(document.querySelectorAll("section svg[role=img] > title")).toHaveLength(1);
  expect(document.querySelectorAll('th[scope="col"]')).toHaveLength(5);
});

test("a report fetches nothing and runs nothing", () => {
  const page = htmlReport(report);
  expect(page).toContain(`content="default-src 'none'; img-src data:`);
  expect(page).not.toMatch(/<script|<link|@import|https?:\/\/(?!www\.w3\.org\/2000\/svg")/);
});

test("hostile names stay text in every place they can stand", () => {
  const evil = `"><script>alert(1)</script><img src=x onerror='alert(2)'>&amp;\u0000\u202e\ud800`;
  const page = htmlReport({
    title: evil,
    summary: evil,
    facts: [{ label: evil, value: evil }],
    sections: Array.from({ length: 4 }, () => ({
      heading: evil,
      prose: evil,
      figures: [{ svg: barFigure([{ name: evil, value: 1 }], { label: evil }), caption: evil }],
      tables: [
        { caption: evil, columns: [{ name: evil }, { name: evil, numeric: true }], rows: [[evil, evil]] },
      ],
      images: [{ src: PIXEL, caption: evil, alt: evil }],
    })),
  });
  const { document } = parseHTML(page);
  expect(document.querySelectorAll("script")).toHaveLength(0);
  expect(document.querySelectorAll("[onerror]")).toHaveLength(0);
  expect(document.querySelectorAll("img")).toHaveLength(4);
  expect(document.querySelector("h1")!.textContent).toBe(
    `"><script>alert(1)</script><img src=x onerror='alert(2)'>&amp;`,
  );
  expect(document.querySelectorAll("nav a")).toHaveLength(4);
});

test("pictures that are not data, and rows of the wrong length, are refused", () => {
  const withImage = (src: string) =>
    htmlReport({ ...report, sections: [{ heading: "x", images: [{ src, caption: "" }] }] });
  expect(() => withImage("https://example.org/a.png")).toThrow('got "https://example.org/a.png"');
  expect(() => withImage("data:image/svg+xml;base64,AAAA")).toThrow("PNG, JPEG or WebP");
  expect(() => withImage(`${PIXEL}" onerror="alert(1)`)).toThrow("PNG, JPEG or WebP");
  const table = { caption: "t", columns: [{ name: "a" }], rows: [["1", "2"]] };
  expect(() => htmlReport({ ...report, sections: [{ heading: "x", tables: [table] }] })).toThrow(
    "1 columns, got a row of 2",
  );
});

test("percentages carry their error, and a dash stands for what was not measured", () => {
  expect(formatPercent(0.9512)).toBe("95.1 %");
  expect(formatPercent(0.9512, { digits: 2, error: 0.0034 })).toBe("95.12 ± 0.34 %");
  expect([formatPercent(null), formatPercent(Number.NaN), formatPercent(undefined)]).toEqual(["–", "–", "–"]);
});
