import { expect, test } from "vitest";
import { filterText, parseCondition, parseField } from "./filterText.ts";

test("fields are numbers, truths or texts, as they look", () => {
  const given = ["year=2024", "staff=true", "camera=gate 3", "code=007x", "empty="];
  expect(Object.assign({}, ...given.map(parseField))).toEqual({
    year: 2024,
    staff: true,
    camera: "gate 3",
    code: "007x",
    empty: "",
  });
  expect(() => parseField("=3")).toThrow("name=value is needed");
});

test("conditions are equality, one of a list, or a range", () => {
  const given = ["year=2024", "camera=gate,door,3", "day>=2024-05-01", "at<=17.5", "note=a>=b"];
  expect(given.map(parseCondition)).toEqual([
    { field: "year", equals: 2024 },
    { field: "camera", oneOf: ["gate", "door", 3] },
    { field: "day", from: "2024-05-01" },
    { field: "at", to: 17.5 },
    { field: "note", equals: "a>=b" },
  ]);
  expect(filterText(given.map(parseCondition))).toBe(given.join(" and "));
  expect(filterText([{ field: "day", from: 1, to: 2 }])).toBe("day>=1 and day<=2");
  for (const wrong of ["year", "=3", "staff>=true"])
    expect(() => parseCondition(wrong)).toThrow(/needed|needs/);
});
