/** The servers that hold a gallery's partitions, as the coordinator knows them. */
import type { Address, Queries } from "./connection.ts";
import { SCHEMA } from "./names.ts";

/** The server that holds a partition; undefined if that is the coordinator. */
export async function holderOf(db: Queries, name: string): Promise<Address | undefined> {
  const { rows } = await db.query(
    `SELECT s.srvoptions, m.umoptions FROM pg_foreign_table t
     JOIN pg_foreign_server s ON s.oid = t.ftserver
     JOIN pg_user_mappings m ON m.srvid = s.oid AND m.usename = CURRENT_USER
     WHERE t.ftrelid = $1::regclass`,
    [`${SCHEMA}.${name}`],
  );
  if (rows.length === 0) return undefined;
  return optionsOf([...rows[0].srvoptions, ...(rows[0].umoptions ?? [])]);
}

/** From "host=db2" and the like. */
export function optionsOf(options: readonly string[]): Address {
  const of = Object.fromEntries(
    options.map((one) => [one.slice(0, one.indexOf("=")), one.slice(one.indexOf("=") + 1)]),
  );
  return {
    host: of.host,
    port: of.port,
    database: of.dbname,
    user: of.user ?? "postgres",
    password: of.password ?? "",
  };
}

export const sameServer = (a: Address, b: Address) =>
  a.host === b.host && a.port === b.port && a.database === b.database;

/** Where `connectTo` finds a server. */
export function urlOf({ host, port, database, user, password }: Address): string {
  const part = encodeURIComponent;
  return `postgres://${part(user)}${password && `:${part(password)}`}@${host}:${port}/${part(database)}`;
}
