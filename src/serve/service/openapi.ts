/** The OpenAPI document of the service, made from the operations. */
import swagger from "@fastify/swagger";
import type { FastifyInstance } from "fastify";
import { jsonSchemaTransform, jsonSchemaTransformObject } from "fastify-type-provider-zod";
import type { OpenAPIV3_1 } from "openapi-types";

/** Has `app` describe the routes that are added to it from now on. */
export async function describeApi(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "deepid2plus",
        version,
        description:
          "Verifies, identifies and searches faces by DeepID2+ features. Pictures are sent as files of a form, or as " +
          "base64 in JSON; they are not kept unless a thumbnail is asked for.",
        license: { name: "Apache-2.0", identifier: "Apache-2.0" },
      },
      tags: [
        { name: "faces", description: "Questions about pictures; nothing is kept." },
        { name: "people", description: "The gallery: people and their faces." },
        { name: "studio", description: "What the studio's pages show." },
        { name: "service", description: "The service itself." },
      ],
      components: {
        securitySchemes: {
          key: { type: "apiKey", in: "header", name: "x-api-key" },
          bearer: { type: "http", scheme: "bearer" },
        },
      },
      security: [{ key: [] }, { bearer: [] }],
    },
    transform: jsonSchemaTransform,
    transformObject: (document) => formsAsFiles(jsonSchemaTransformObject(document) as OpenAPIV3_1.Document),
  });
}

/** In forms, pictures are files as they are, not base64. */
function formsAsFiles(document: OpenAPIV3_1.Document): OpenAPIV3_1.Document {
  for (const item of Object.values(document.paths ?? {})) {
    for (const operation of Object.values(item ?? {}) as OpenAPIV3_1.OperationObject[]) {
      const { content = {} } = (operation.requestBody ?? {}) as Partial<OpenAPIV3_1.RequestBodyObject>;
      const form = content["multipart/form-data"];
      if (!form) continue;
      const schema = structuredClone(form.schema) as OpenAPIV3_1.SchemaObject;
      for (const [name, field] of Object.entries(schema.properties ?? {}) as [
        string,
        OpenAPIV3_1.SchemaObject,
      ][]) {
        if ((field as { contentMediaType?: string }).contentMediaType !== undefined) {
          schema.properties![name] = { type: "string", format: "binary", description: field.description };
        }
      }
      content["multipart/form-data"] = { schema };
    }
  }
  return document;
}
