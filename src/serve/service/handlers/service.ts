/** The service itself. */
import type { Engine } from "../engine.ts";
import type { ServiceLimits } from "../limits.ts";
import type { Handlers } from "../mount.ts";
import { Problem } from "../problem.ts";
import type { Readiness } from "../readiness.ts";

export function serviceHandlers(
  engine: Pick<Engine, "about" | "pool">,
  { queue }: ServiceLimits,
  look: () => Promise<Readiness>,
) {
  return {
    async health() {
      const found = await look();
      const said = (works: boolean) => (works ? ("ok" as const) : ("failing" as const));
      const works = found.gallery && found.audit && found.disk;
      const { pool } = engine;
      return {
        status: works && pool.waiting >= queue ? ("busy" as const) : said(works),
        uptimeSeconds: Math.round(process.uptime()),
        waiting: pool.waiting,
        gallery: said(found.gallery),
        audit: said(found.audit),
        disk: said(found.disk),
      };
    },
    live: () => ({ live: true as const }),
    async ready() {
      const failing = Object.entries(await look()).flatMap(([part, works]) => (works ? [] : [part]));
      if (failing.length === 0) return { ready: true as const };
      throw new Problem("unavailable", `Failing: ${failing.join(", ")}.`, { retryAfterSeconds: 5 });
    },
    models: () => {
      const { model: name, ...rest } = engine.about;
      return { models: [{ ...rest, name }] };
    },
  } satisfies Handlers;
}
