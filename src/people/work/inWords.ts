/** How far imports are, as text for people. */
import { columns, count } from "../../base/text/index.ts";
import type { WorkStatus } from "./status.ts";
import type { JobDone, Worked } from "./worker.ts";

/** What became of one job. */
export function jobText({
  pictures,
  added = 0,
  known = 0,
  extracted,
  passedOver,
  note,
  failed,
}: JobDone): string {
  if (failed !== undefined) return `${count(pictures)} pictures failed: ${failed}`;
  const skipped = `${count(passedOver.length)} skipped`;
  const what = [
    ...(pictures > 0
      ? [`${count(pictures)} pictures: ${count(added)} added, ${count(known)} there already, ${skipped}`]
      : []),
    ...(extracted === undefined
      ? []
      : [`${count(extracted)} faces extracted for the next model, ${skipped}`]),
    ...(note === undefined ? [] : [note]),
  ];
  return what.join("; ");
}

/** What a worker has done before it ended. */
export const workedText = ({ jobs, added, known, extracted, passedOver, failed }: Worked): string =>
  `${count(jobs)} jobs: ${count(added)} pictures added, ${count(known)} there already, ` +
  `${count(extracted)} faces extracted anew, ${count(passedOver)} skipped; ${count(failed)} jobs failed`;

/** Failures that are shown; --json lists more. */
const SHOWN = 20;

/** What waits, what is done, how fast, and what failed. */
export function statusText({ jobs, pictures, picturesPerSecond, failures }: WorkStatus): string {
  return columns([
    [
      "jobs",
      `${count(jobs.waiting)} waiting, ${count(jobs.active)} active, ${count(jobs.done)} done, ${count(jobs.failed)} failed`,
    ],
    [
      "pictures",
      `${count(pictures.waiting)} to do, ${count(pictures.added)} added, ${count(pictures.known)} there already, ` +
        `${count(pictures.extracted)} extracted anew, ` +
        `${count(pictures.passedOver)} skipped, ${count(pictures.failed)} failed`,
    ],
    ["rate", `${picturesPerSecond.toFixed(1)} pictures/s in the last minute`],
    ...failures
      .slice(0, SHOWN)
      .map(({ pictures: [first, ...more], reason }): [string, string] => [
        more.length > 0 ? `${first} and ${count(more.length)} more` : first,
        reason,
      ]),
  ]);
}
