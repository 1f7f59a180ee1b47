/** Refused requests in the audit log: the first at once, those of the next seconds counted, so that a flood is one line. */
import type { FastifyInstance } from "fastify";
import type { AuditLog } from "./audit.ts";
import { forLog } from "./problem.ts";

/** No key or a wrong one, not allowed, too often. */
const REFUSALS = new Set([401, 403, 429]);
const EVERY_MS = 10_000;

/** Has `app` write them to `audit`. */
export function auditRefusals(app: FastifyInstance, audit: AuditLog): void {
  const counts = new Map<string, { key: string | null; status: number; count: number }>();
  let timer: NodeJS.Timeout | undefined;
  const write = (key: string | null, status: number, count: number) =>
    audit
      .write({ key, action: "refused", status, ...(count > 1 && { count }) })
      .catch((error) => app.log.error(forLog(error), "the audit log cannot be written"));
  const flush = async () => {
    timer = undefined;
    const open = [...counts.values()].filter(({ count }) => count > 0);
    counts.clear();
    await Promise.all(open.map(({ key, status, count }) => write(key, status, count)));
  };
  app.addHook("onResponse", async (request, { statusCode: status }) => {
    if (!REFUSALS.has(status)) return;
    const key = request.apiKey?.id ?? null;
    const name = `${key} ${status}`;
    const counted = counts.get(name);
    if (counted) counted.count++;
    else {
      counts.set(name, { key, status, count: 0 });
      await write(key, status, 1);
    }
    timer ??= setTimeout(flush, EVERY_MS).unref();
  });
  app.addHook("onClose", async () => {
    clearTimeout(timer);
    await flush();
  });
}
