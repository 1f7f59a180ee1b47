/** The API as a page to read: made from the OpenAPI document, without scripts. */
import type { FastifyInstance } from "fastify";
import type { OpenAPIV3_1 } from "openapi-types";
import { htmlReport, type ReportSection, type Table } from "../../lab/report/index.ts";
import { API_ROOT } from "./addresses.ts";

/** Has `app` say at / where the API and its documents are. */
export function addFrontPage(app: FastifyInstance): void {
  const page = htmlReport({
    title: "deepid2plus",
    summary: ["This service answers programs. It has no pages of its own; deepid serve --studio has."],
    sections: [
      {
        heading: "Where things are",
        prose: [],
        tables: [
          {
            caption: "Addresses",
            columns: [{ name: "what" }, { name: "where" }],
            rows: [
              ["the API", API_ROOT],
              ["every operation, to read", `${API_ROOT}/docs`],
              ["the same for programs (OpenAPI)", `${API_ROOT}/openapi.json`],
              ["whether it works", `${API_ROOT}/health`],
            ],
          },
        ],
      },
    ],
  });
  app.get("/", async (_, reply) => reply.type("text/html; charset=utf-8").send(page));
}

/** The page for `document`. */
export function docsPage(document: OpenAPIV3_1.Document): string {
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    Object.entries(item ?? {}).map(([method, operation]) => ({
      heading: `${method.toUpperCase()} ${path}`,
      operation: operation as OpenAPIV3_1.OperationObject,
    })),
  );
  return htmlReport({
    title: `${document.info.title} ${document.info.version}`,
    summary: [
      document.info.description ?? "",
      "Programs read the same at openapi.json beside this page. Failures are application/problem+json.",
    ],
    sections: operations.map(({ heading, operation }) => section(heading, operation)),
  });
}

function section(heading: string, operation: OpenAPIV3_1.OperationObject): ReportSection {
  const prose = [operation.summary, operation.description].filter((text) => text !== undefined);
  const tables = [inputTable(operation), answerTable(operation)].filter((table) => table !== undefined);
  return { heading, prose, tables };
}

type Schema = OpenAPIV3_1.SchemaObject & { readonly contentMediaType?: string };

const FIELD_COLUMNS = [{ name: "field" }, { name: "type" }, { name: "needed" }, { name: "what it is" }];

function inputTable({ parameters = [], requestBody }: OpenAPIV3_1.OperationObject): Table | undefined {
  const given = (parameters as OpenAPIV3_1.ParameterObject[]).map(
    ({ name, required = false, schema, description }) =>
      row(name, { description, ...(schema as Schema) }, required),
  );
  const content = (requestBody as OpenAPIV3_1.RequestBodyObject | undefined)?.content ?? {};
  const [body] = Object.values(content);
  const rows = [...given, ...fieldsOf(body?.schema as Schema | undefined)];
  const taken = Object.keys(content).join(" or ");
  return rows.length === 0
    ? undefined
    : { caption: taken ? `Takes ${taken}` : "Takes", columns: FIELD_COLUMNS, rows };
}

function answerTable({ responses }: OpenAPIV3_1.OperationObject): Table | undefined {
  const success = (responses as Record<string, OpenAPIV3_1.ResponseObject> | undefined)?.["200"];
  const rows = fieldsOf(success?.content?.["application/json"]?.schema as Schema | undefined);
  return rows.length === 0 ? undefined : { caption: "Answers", columns: FIELD_COLUMNS, rows };
}

function fieldsOf(schema: Schema | undefined): string[][] {
  const required = new Set(schema?.required);
  return Object.entries(schema?.properties ?? {}).map(([name, field]) =>
    row(name, field as Schema, required.has(name)),
  );
}

const row = (name: string, schema: Schema, required: boolean) => [
  name,
  typeOf(schema),
  required ? "yes" : "",
  schema.description ?? "",
];

function typeOf(schema: Schema & { $ref?: string }): string {
  if (schema.$ref) return schema.$ref.split("/").at(-1)!;
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" or ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.anyOf) return schema.anyOf.map((one) => typeOf(one as Schema)).join(" or ");
  if (schema.contentMediaType || schema.format === "binary") return "picture file";
  if (schema.type === "array") return `list of ${typeOf(schema.items as Schema)}`;
  return String(schema.type ?? "any");
}
