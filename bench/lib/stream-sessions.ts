import { createRecorder, type Recorder } from '#src/features/sessions/server/index.ts';
import { type Database, openDatabase } from '#src/server/db/database.ts';
import { recordAppends, type TimedAppend } from './record-appends.ts';

export type StreamPlan = {
  databaseUrl: string;
  runs: { sessionId: string; epoch: number; stageId: string; executionId: string }[];
  seconds: number;
  tokensPerSecond: number;
  /** Tokens of one answer; then it is completed and the next begins, as between two turns of an agent. */
  answerTokens: number;
};

/** About the length of a token with its space. */
const TOKENS = [
  'The ',
  'container ',
  'exits ',
  'since ',
  'its ',
  'Secret ',
  'lacks ',
  'a key',
  '. ',
  '`dsn` ',
];

/** Streams like so many models at once through real recorders, and says when each append began and was durable. */
export async function streamSessions(plan: StreamPlan): Promise<{ appends: TimedAppend[]; tokens: number }> {
  const database = openDatabase(plan.databaseUrl);
  const timed = recordAppends(database);
  try {
    const streams = plan.runs.map((run) => streamOne(timed.database, plan, run));
    const tokens = await Promise.all(streams);
    return { appends: timed.appends, tokens: tokens.reduce((sum, count) => sum + count, 0) };
  } finally {
    await database.close();
  }
}

async function streamOne(
  database: Database,
  plan: StreamPlan,
  run: StreamPlan['runs'][number],
): Promise<number> {
  const recorder = createRecorder({ database, sessionId: run.sessionId, epoch: run.epoch });
  const gapMs = 1_000 / plan.tokensPerSecond;
  // Models do not start in step.
  await pause(Math.random() * 1_000);
  const endAt = performance.now() + plan.seconds * 1_000;
  let sent = 0;
  while (performance.now() < endAt) {
    const { stageId, executionId } = run;
    const item = await recorder.commit((batch) =>
      batch.startItem({ type: 'thinking', stageId, executionId }),
    );
    sent += await streamAnswer(recorder, item, { gapMs, tokens: plan.answerTokens, endAt });
    await recorder.commit((batch) => batch.completeItem(item, { status: 'completed' }));
  }
  return sent;
}

/** Tokens at their own times: a late timer hands in what has become due meanwhile, as a socket would. */
async function streamAnswer(
  recorder: Recorder,
  item: string,
  options: { gapMs: number; tokens: number; endAt: number },
): Promise<number> {
  const startedAt = performance.now();
  let sent = 0;
  while (sent < options.tokens && performance.now() < options.endAt) {
    // Arrivals of real tokens jitter; half to one and a half gaps.
    await pause(options.gapMs * (0.5 + Math.random()));
    const due = Math.min(Math.floor((performance.now() - startedAt) / options.gapMs), options.tokens);
    for (; sent < due; sent += 1) recorder.delta(item, TOKENS[sent % TOKENS.length] ?? '');
  }
  return sent;
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
