/** What whoever starts a service is told. */
import { columns } from "../../base/text/index.ts";

export interface Started {
  readonly url: string;
  /** Whether no key is asked for. */
  readonly open: boolean;
  /** Whether the studio's pages are served, too. */
  readonly studio?: boolean;
}

/** Where it is, and who may use it. */
export const startedText = ({ url, open, studio = false }: Started): string =>
  columns([
    ["service", `${url}/api/v1`],
    ["described at", `${url}/api/v1/docs`],
    ...(studio ? [["studio", url] as const] : []),
    [
      "open to",
      open ? "everybody on this machine: no key is asked for (deepid key create)" : "who has a key",
    ],
  ]);
