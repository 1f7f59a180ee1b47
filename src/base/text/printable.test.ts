import { expect, test } from "vitest";
import { printable, printing } from "./printable.ts";

test("what would move a terminal's cursor or turn its writing is shown as its code", () => {
  expect(printable("a\x1b[31mb\u202ec\r\x07\x9b")).toBe("a\\x1b[31mb\\u202ec\\x0d\\x07\\x9b");
  expect(printable("Zoë\t1\n😀")).toBe("Zoë\t1\n😀");
});

test("a file's name with a line end cannot pass for a line of its own", () => {
  const said: string[] = [];
  const write = printing((text) => said.push(text), ["verify", "a\nerror: all is well", "b.png"]);
  write("error: a\nerror: all is well: no such file\n");
  expect(said.join("")).toBe('error: "a\\nerror: all is well": no such file\n');
});
