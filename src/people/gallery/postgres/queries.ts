/** A connection, or a pool of them. */
export interface Queries {
  /** `prepared`: a name by which each connection keeps this statement parsed and planned. For those that every search asks. */
  query(
    sql: string,
    values?: readonly unknown[],
    prepared?: string,
    // biome-ignore lint/suspicious/noExplicitAny: rows are what the query says
  ): Promise<{ rows: any[]; rowCount: number | null }>;
}
