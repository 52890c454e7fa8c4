import { createLogger } from '#src/server/logger.ts';
import { keepRunning } from '../keep-running.ts';
import { openDatabaseKeeper } from '../open-database-keeper.ts';

/** A supervisor to be killed in tests: keeps the embedded database of a data directory, and a fixture program. */
const [dataDir, file] = process.argv.slice(2);
if (!dataDir || !file) throw new Error('usage: fixture-supervisor <data directory> <file>');
const log = createLogger({ level: 'silent', process: 'test' });
const database = await openDatabaseKeeper({ variables: { ...process.env, TARS_DATA_DIR: dataDir }, log });
const program = keepRunning(
  {
    name: 'fixture',
    file: 'src/supervisor/testing/fixture-program.ts',
    args: ['obedient', file],
    env: process.env,
  },
  log,
);
process.on('SIGTERM', () => void program.stop().then(() => database.stop()));
process.stdout.write(`${JSON.stringify({ url: database.url })}\n`);
