/** A connection, or a pool of them. */
export interface Queries {
  // biome-ignore lint/suspicious/noExplicitAny: rows are what the query says
  query(sql: string, values?: readonly unknown[]): Promise<{ rows: any[]; rowCount: number | null }>;
}
