/** Requests with pictures: JSON with base64, or a form. Both become the same object before they are checked. */
import type { IncomingMessage } from "node:http";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { z } from "zod";
import type { ServiceLimits } from "./limits.ts";
import { Problem } from "./problem.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** The object that a form's fields make up; without it the route takes no form. */
    form?: z.ZodObject;
    /** Pictures in one request. */
    pictures?: number;
  }
}

/** The bytes of a picture given as base64. Data URIs and line breaks are taken too; anything else is refused. */
export function pictureBytes(
  text: string,
  { maxBytes }: Pick<ServiceLimits, "maxBytes">,
  field: string,
): Buffer {
  const given = text.startsWith("data:") ? text.slice(text.indexOf(",") + 1) : text;
  const base64 = given.includes("\n") ? given.replace(/\r?\n/g, "") : given; // as base64 and openssl print it
  if (base64.length > Math.ceil(maxBytes / 3) * 4) {
    throw tooLarge(field, maxBytes);
  }
  const bytes = Buffer.from(base64, "base64");
  // Buffer skips what is no base64: what comes out must be as long as what went in.
  const padding = base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0;
  if (bytes.length === 0 || Math.ceil((bytes.length * 4) / 3) !== base64.length - padding) {
    throw new Problem(
      "bad-request",
      `${field}: needed a picture file in base64; addresses and paths are not taken.`,
    );
  }
  if (bytes.length > maxBytes) throw tooLarge(field, maxBytes);
  return bytes;
}

const tooLarge = (field: string, maxBytes: number) =>
  new Problem("too-large", `${field}: pictures may have ${maxBytes} bytes.`);

/** Bytes of a JSON request that carries `pictures` pictures of `maxBytes`, in lines of 64 characters, and text. */
export const bodyLimit = (pictures: number, maxBytes: number): number =>
  pictures * Math.ceil((Math.ceil(maxBytes / 3) * 4 * 68) / 64) + 16_384;

/** Reads forms in `app` into the objects that JSON requests are. */
export function readForms(app: FastifyInstance): void {
  app.addHook("preValidation", async (request, reply) => {
    if (!request.isMultipart()) return;
    const { form, pictures = 1 } = request.routeOptions.config;
    if (!form) throw new Problem("unsupported-type", "This address takes application/json.");
    try {
      request.body = await Promise.race([tooLong(request), readForm(request, form, pictures)]);
    } catch (error) {
      drain(request.raw);
      if (error instanceof Problem && error.kind === "too-large") reply.header("connection", "close");
      if (error instanceof Problem || (error as { statusCode?: number }).statusCode !== undefined)
        throw error;
      throw new Problem("bad-request", `The form cannot be read: ${(error as Error).message}.`); // cut off, or no form at all
    }
  });
}

/** Fails when more has come than the body may have: a form may say its length, or never end. */
function tooLong({ raw, headers, routeOptions }: FastifyRequest): Promise<never> {
  const most = routeOptions.bodyLimit ?? 0;
  const problem = () => new Problem("too-large", `A form may have ${most} bytes here.`);
  if (Number(headers["content-length"] ?? 0) > most) return Promise.reject(problem());
  return new Promise((_, reject) => {
    let came = 0;
    raw.on("data", function count(chunk: Buffer) {
      came += chunk.length;
      if (came <= most) return;
      raw.off("data", count);
      reject(problem());
    });
  });
}

/** Lets the rest of a refused form go by: left unread, it would hold up whatever its client sends next. */
function drain(request: IncomingMessage): void {
  request.unpipe();
  request.resume();
}

async function readForm(
  request: FastifyRequest,
  form: z.ZodObject,
  files: number,
): Promise<Record<string, unknown>> {
  const fields: Record<string, unknown> = {};
  for await (const part of request.parts({ limits: { files, fields: 32, parts: files + 32 } })) {
    const name: string | undefined = part.fieldname; // its type promises more than forms keep
    if (name === undefined) throw new Problem("bad-request", "A part of the form has no name.");
    if (!Object.hasOwn(form.shape, name)) {
      throw new Problem(
        "bad-request",
        `No field ${JSON.stringify(name.slice(0, 40))} is known here; known are ${Object.keys(form.shape).join(", ")}.`,
      );
    }
    if (Object.hasOwn(fields, name)) throw new Problem("bad-request", `The field ${name} came twice.`);
    if (part.type === "field" && part.valueTruncated)
      throw new Problem("too-large", `${name}: needed a text of fewer bytes; pictures are sent as files.`);
    if (part.type === "file") fields[name] = (await part.toBuffer()).toString("base64");
    else fields[name] = fromText(form.shape[name] as z.ZodType, String(part.value));
  }
  return fields;
}

/** A form's text as the type that its field has; what does not fit stays text, and is refused by the field's check. */
export function fromText(schema: z.ZodType, text: string): unknown {
  const inner = innermost(schema);
  const { type, options } = inner._zod.def as { type: string; options?: readonly z.core.$ZodType[] };
  if (type === "union") {
    const read = (options ?? []).map((option) => fromText(option as z.ZodType, text));
    return read.find((value) => typeof value !== "string") ?? text;
  }
  if ((type === "number" || type === "int") && /^-?\d+(?:\.\d+)?(?:e-?\d+)?$/i.test(text))
    return Number(text);
  if (type === "boolean" && (text === "true" || text === "false")) return text === "true";
  return text;
}

function innermost(schema: z.core.$ZodType): z.core.$ZodType {
  const { def } = schema._zod as { def: { innerType?: z.core.$ZodType } };
  return def.innerType ? innermost(def.innerType) : schema;
}
