import { relative } from 'node:path';
import { createApiClient } from '#src/cli/api-client.ts';
import { CommandError } from '#src/cli/cli-error.ts';
import { ConfigError } from '#src/server/config/index.ts';
import { EnvError } from '#src/server/env.ts';
import { StartError } from '#src/server/start-error.ts';
import { stopOnSignals } from '#src/supervisor/stop-on-signals.ts';
import { demoEnvironment } from './demo-environment.ts';
import { readLogTails } from './log-tail.ts';
import { type Demo, type Running, runDemo, stopDemo } from './run-demo.ts';
import { waitForEnd } from './wait-until-ready.ts';

/**
 * `npm run demo`. Prints what happens, then the link to the running investigation, and runs until it is told to stop.
 * With `TARS_DEMO_EXIT=1` it waits for the investigation, stops, and prints the session as JSON on the last line.
 */
const startedMs = Date.now();
const running: Running = {};
const aborted = new AbortController();
const stopWanted = Promise.withResolvers<void>();
const tell = (text: string) =>
  console.log(`  ${((Date.now() - startedMs) / 1000).toFixed(1).padStart(5)} s  ${text}`);

stopOnSignals({
  npm: Boolean(process.env.npm_lifecycle_event),
  stop: () => {
    aborted.abort(new StartError('stopped'));
    stopWanted.resolve();
  },
  hasten: () => running.supervisor?.hasten(),
});

process.exit(await main());

async function main(): Promise<number> {
  try {
    console.log('TARS demo: starting (nothing leaves this machine without a model key)');
    const demo = await runDemo({ variables: process.env, running, signal: aborted.signal, tell });
    if (process.env.TARS_DEMO_EXIT === '1') return await finishFirstInvestigation(demo);
    console.log(describeDemo(demo).join('\n'));
    await stopWanted.promise;
    console.log('\nStopping …');
    await stopDemo(running);
    console.log('Stopped. Everything is kept; npm run demo continues with it.');
    return 0;
  } catch (error) {
    await stopDemo(running);
    if (aborted.signal.aborted) return 0;
    await explain(error);
    return 1;
  }
}

async function finishFirstInvestigation(demo: Demo): Promise<number> {
  tell(`waiting for the investigation: ${demo.link}`);
  const session = await waitForEnd(
    createApiClient({ url: demo.url, key: demo.key }),
    demo.sessionId,
    aborted.signal,
  );
  tell(`the investigation ended: ${session.status}`);
  await stopDemo(running);
  console.log(JSON.stringify(session));
  return session.status === 'completed' ? 0 : 1;
}

function describeDemo(demo: Demo): string[] {
  const dataDir = relative(process.cwd(), demo.dataDir) || demo.dataDir;
  return [
    '',
    `  ${demo.incident}. An alert has been fired, and TARS is investigating it.`,
    '  Open this link; it signs you in (once) and shows the investigation live:',
    '',
    `    ${demo.link}`,
    '',
    `  Model          ${demo.provider}`,
    `  More incidents ${demo.url}/p/default/alerts/new`,
    `  API key        ${demo.key}  (kept in ${relative(process.cwd(), demo.keyFile) || demo.keyFile})`,
    `  Another link   TARS_DATA_DIR=${dataDir} TARS_URL=${demo.url} npx tars login link`,
    `  Logs           ${dataDir}/logs`,
    '  Stop           Ctrl-C',
    '',
  ];
}

/** Errors whose message is written for the person at the terminal. Everything else is a defect and keeps its stack. */
async function explain(error: unknown): Promise<void> {
  const isExpected = [StartError, ConfigError, EnvError, CommandError].some((kind) => error instanceof kind);
  console.error(`tars: ${error instanceof Error ? (isExpected ? error.message : error.stack) : error}`);
  if (error instanceof EnvError) return;
  const tails = await readLogTails(demoEnvironment(process.env).paths.logs);
  if (tails.length > 0) console.error(`The logs end with:\n${tails.join('\n')}`);
}
