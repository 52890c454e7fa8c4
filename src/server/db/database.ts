import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient } from '#src/generated/prisma/client.ts';
import { runTransaction, type Sql, type Transaction } from './run-transaction.ts';
import {
  IDLE_IN_TRANSACTION_LIMIT_MS,
  POOL_CONNECT_TIMEOUT_MS,
  POOL_IDLE_TIMEOUT_MS,
  POOL_MAX_CONNECTIONS,
} from './tunables.ts';

export type Pool = pg.Pool;
export type { PrismaClient, Sql, Transaction };

export type Database = {
  url: string;
  pool: Pool;
  /** Queries of pages and use cases. The hot paths (queue, event log) use `pool` with SQL. */
  prisma: PrismaClient;
  /** Runs `work` in one transaction on one connection; rolls back when it throws. */
  transaction<T>(work: (sql: Transaction) => Promise<T>, isolation?: 'repeatable read'): Promise<T>;
  close(): Promise<void>;
};

// bigint and numeric columns of ours are counters that stay far below 2^53.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

/** Opens the pool. Nothing is connected yet; `onError` hears of idle connections that break. */
export function openDatabase(
  url: string,
  options: { maxConnections?: number; onError?: (error: Error) => void } = {},
): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.maxConnections ?? POOL_MAX_CONNECTIONS,
    connectionTimeoutMillis: POOL_CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: POOL_IDLE_TIMEOUT_MS,
    keepAlive: true,
    // A transaction sends several statements in one packet.
    pipeline: true,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_LIMIT_MS,
  });
  // Without listeners a connection that breaks, idle or in use, would end the process.
  pool.on('error', (error) => options.onError?.(error));
  pool.on('connect', (client) => client.on('error', () => undefined));
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
  return {
    url,
    pool,
    prisma,
    transaction: (work, isolation) => runTransaction(pool, work, isolation),
    async close() {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}

const CONNECTION_ERROR_CODES = new Set([
  'P1001', // Prisma: cannot reach the server
  'P1002', // Prisma: it did not answer in time
  'P1017', // Prisma: it closed the connection
  '57P01', // admin shutdown
  '57P02', // crash shutdown
  '57P03', // cannot connect now
  '25P03', // idle in a transaction for too long: the process was frozen
  '08000',
  '08003',
  '08006',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
]);

/** Whether an error says that the database was not there, as opposed to having refused a statement. */
export function isConnectionError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (CONNECTION_ERROR_CODES.has(code)) return true;
  return /connection terminated|timeout exceeded when trying to connect|client has encountered a connection error|not queryable/i.test(
    error.message,
  );
}
