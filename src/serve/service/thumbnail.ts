/** The thumbnail of a face: a picture in place of JSON. */
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { AuditLog } from "./audit.ts";
import type { Engine } from "./engine.ts";
import { Problem } from "./problem.ts";

export function addThumbnail(api: FastifyInstance, { gallery }: Engine, audit: AuditLog): void {
  const params = z.object({ face: z.string().regex(/^\d+$/).transform(Number).pipe(z.int().min(1)) });
  api.get("/faces/:face/thumbnail", { schema: { hide: true, params } }, async (request, reply) => {
    const { face } = request.params as z.output<typeof params>;
    const bytes = await gallery.thumbnail(face);
    const key = request.apiKey?.id ?? null;
    const status = bytes ? 200 : 404;
    await audit.write({ request: request.id, key, action: "thumbnail", status, faces: [String(face)] });
    if (!bytes) throw new Problem("not-found", `There is no thumbnail of a face ${face}.`);
    return reply.type("image/png").header("cache-control", "no-store").send(Buffer.from(bytes));
  });
}
