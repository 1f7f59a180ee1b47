/** The service itself. */
import type { Engine } from "../engine.ts";
import type { ServiceLimits } from "../limits.ts";
import type { Handlers } from "../mount.ts";

export function serviceHandlers({ about, pool }: Engine, { queue }: ServiceLimits) {
  return {
    health: () => ({
      status: pool.waiting < queue ? ("ok" as const) : ("busy" as const),
      uptimeSeconds: Math.round(process.uptime()),
      waiting: pool.waiting,
    }),
    models: () => {
      const { model: name, ...rest } = about;
      return { models: [{ ...rest, name }] };
    },
  } satisfies Handlers;
}
