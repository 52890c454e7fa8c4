import type { Pool, PoolClient, QueryConfig, QueryResult, QueryResultRow } from 'pg';
import { MAX_PREPARED_STATEMENTS } from './tunables.ts';

/** Whatever can run SQL: the pool, or one connection inside a transaction. */
export type Sql = {
  query<R extends QueryResultRow = QueryResultRow>(
    statement: string | QueryConfig,
    values?: unknown[],
  ): Promise<QueryResult<R>>;
};

/** The connection of a transaction. */
export type Transaction = Sql & {
  /**
   * A statement whose result nobody needs: kept, and sent in one packet with the next query or the commit, in order. A
   * failure meets the caller there. Its text is one of few, since it is prepared once per connection.
   */
  write(text: string, values?: unknown[]): void;
};

/**
 * Runs `work` in one transaction; rolls back when it throws. A commit whose writes take one way to the server and back is
 * several times cheaper than one statement after the other: for a busy worker the ways are most of the work.
 */
export async function runTransaction<T>(
  pool: Pool,
  work: (sql: Transaction) => Promise<T>,
  isolation?: 'repeatable read',
): Promise<T> {
  const client = await pool.connect();
  const statements = openStatements(client);
  let broken: Error | undefined;
  try {
    statements.write(isolation ? `begin isolation level ${isolation}` : 'begin');
    const result = await work(statements);
    statements.write('commit');
    await statements.settle();
    return result;
  } catch (error) {
    const cause = await statements.firstFailure();
    await client.query('rollback').catch((rollbackError: unknown) => {
      broken = rollbackError instanceof Error ? rollbackError : new Error('rollback failed');
    });
    throw isConsequence(error) ? (cause ?? error) : error;
  } finally {
    client.release(broken);
  }
}

function openStatements(client: PoolClient) {
  let kept: QueryConfig[] = [];
  const sent: Promise<unknown>[] = [];

  const send = <R extends QueryResultRow>(statement: QueryConfig): Promise<QueryResult<R>> => {
    const answer = client.query<R>(statement);
    // Awaited together later; until then a failure is nobody's.
    answer.catch(() => undefined);
    sent.push(answer);
    return answer;
  };
  /** What is kept and what `sendMore` sends, in one packet; the server answers each, also those after a failure. */
  const packet = <T>(sendMore: () => T): T => {
    const { stream } = client.connection;
    const statements = kept;
    kept = [];
    stream.cork();
    try {
      for (const statement of statements) send(statement);
      return sendMore();
    } finally {
      stream.uncork();
    }
  };

  return {
    query<R extends QueryResultRow = QueryResultRow>(
      statement: string | QueryConfig,
      values?: unknown[],
    ): Promise<QueryResult<R>> {
      return packet(() => send<R>(typeof statement === 'string' ? { text: statement, values } : statement));
    },
    write(text: string, values?: unknown[]): void {
      kept.push({ ...preparedAs(text), text, values });
    },
    async settle(): Promise<void> {
      packet(() => undefined);
      await Promise.all(sent);
    },
    /** Of what has been sent. */
    async firstFailure(): Promise<unknown> {
      const answers = await Promise.allSettled(sent);
      return answers.find((answer) => answer.status === 'rejected')?.reason;
    },
  };
}

const names = new Map<string, string>();

/** The name under which connections of this process prepare a statement. */
function preparedAs(text: string): { name?: string } {
  const known = names.get(text);
  if (known) return { name: known };
  if (names.size >= MAX_PREPARED_STATEMENTS) return {};
  const name = `tars_${names.size}`;
  names.set(text, name);
  return { name };
}

/** `in_failed_sql_transaction`: the statement was refused because one before it had failed. */
const isConsequence = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === '25P02';
