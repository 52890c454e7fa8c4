import { expect, test } from 'vitest';
import { decideApproval } from '#src/features/approvals/server/index.ts';
import { listApprovals } from '#src/features/approvals/server/list-approvals.ts';
import { reviewSession } from '#src/features/reviews/server/review-session.ts';
import { listSessions } from '#src/features/sessions/server/index.ts';
import { rerunSession } from '#src/features/sessions/server/rerun-session.ts';
import { listPlaceholders } from '#src/lib/identifier-placeholders.ts';
import { loadSessionIdentifiers } from '#src/server/identifiers/index.ts';
import { itemsOf, resultsIn, sentText, useAgentRuns } from '#test/agent-runs.ts';
import { ask, waitForAnswer } from '#test/chat.ts';
import { findInDatabase } from '#test/dump-database.ts';
import type { TurnPicker } from '#test/llm-protocol/pick-turn.ts';
import { urlFixture } from '#test/mcp-servers/fixture-config.ts';
import { postAlert, rowsOf, waitFor, waitForEnd } from '#test/runs.ts';

const runs = useAgentRuns();

const HOST = 'db-01.corp.internal';
const IP = '10.44.0.7';
const CUSTOMER = 'ACME-4711';
const MAIL = 'ada@corp.internal';
/** Comes up in a tool's result only. */
const OTHER_IP = '10.44.0.9';
/** A person says it. */
const CHAT_HOST = 'web-07.corp.internal';
/** Stands in the configuration, of which every session keeps a copy; the model may not see it either. */
const BASTION = 'bastion.corp.internal';
const REAL = [HOST, IP, CUSTOMER, MAIL, OTHER_IP, CHAT_HOST];

const masking = { identifiers: { enabled: true, custom: { customer: 'ACME-\\d+' } } };
const alert = {
  title: `${HOST} is down`,
  fingerprint: `down/${HOST}`,
  labels: { instance: `${IP}:9100`, customer: CUSTOMER },
  data: `Host ${HOST} (${IP}) of ${CUSTOMER} does not answer. Owner: ${MAIL}`,
};

/** The first placeholder of a kind that a request holds. */
function placeholderIn(request: Parameters<TurnPicker>[0], kind: string): string {
  const found = listPlaceholders(JSON.stringify(request.conversation.messages)).find((one) =>
    one.startsWith(`[${kind}_`),
  );
  if (!found) throw new Error(`the model was shown no ${kind}`);
  return found;
}

const dimension = { score: 70, comment: 'Fine.' };
const verdictOf = (host: string) =>
  JSON.stringify({
    dimensions: {
      outcome: dimension,
      evidence: dimension,
      toolUse: dimension,
      reasoning: dimension,
      completeness: dimension,
    },
    outcome: 'correct',
    total: 82,
    tags: [],
    analysis: `It found ${host}.`,
  });

/** A model that works with the placeholders it is shown, and now and then writes an address of its own. */
const model: TurnPicker = (request) => {
  const { system } = request.conversation;
  const text = JSON.stringify(request.conversation.messages);
  if (text.includes('TARS-TASK: memory')) {
    const content = `When ${placeholderIn(request, 'HOST')} is down, look at ${OTHER_IP} first.`;
    const lesson = { content, category: 'procedural', valence: 'positive', confidence: 0.9 };
    return JSON.stringify({ create: [lesson], reinforce: [], deprecate: [] });
  }
  if (/\bjudge|score/i.test(system) && request.conversation.tools.length === 0) {
    if (request.assistantTurns === 0) return verdictOf(placeholderIn(request, 'HOST'));
    return '{"missing": [], "improvements": []}';
  }
  if (request.conversation.tools.length === 0) return `In short: ${placeholderIn(request, 'HOST')} is down.`;
  const host = placeholderIn(request, 'HOST');
  if (request.assistantTurns === 0) {
    return {
      text: `I look at ${host} and ${OTHER_IP}.`,
      chunkSize: 3,
      toolCalls: [
        { id: 'a', name: 'box__echo', arguments: { text: `ssh ${host} from ${OTHER_IP}` } },
        { id: 'b', name: 'box__echo', arguments: { text: 'ping [IP_99]' } },
      ],
    };
  }
  return `The cause is ${host}, reached from ${OTHER_IP}. [tool: a]`;
};

const config = () => ({
  masking,
  mcpServers: { box: urlFixture('http', runs.box.url) },
  agents: { kubernetes: { instructions: `Our bastion is ${BASTION}.` } },
  chains: {
    kubernetes: {
      stages: [
        { name: 'look', agents: ['kubernetes', 'kubernetes'], synthesis: {} },
        { name: 'again', agents: ['kubernetes'] },
      ],
      scoring: { enabled: true },
    },
  },
});

const valuesOf = async (sessionId: string) => {
  const { reveal } = await loadSessionIdentifiers(runs.kernel, runs.database.pool, sessionId);
  return reveal;
};

test('a whole investigation: the model never sees a real name, the tools always do', async () => {
  const run = await runs.run({ script: model, config: config(), alert });
  const { sessionId } = run;
  expect(run.status).toBe('completed');
  expect(run.session.executive_summary_error).toBeNull();
  await waitFor(async () => {
    const open = await rowsOf(
      runs.database,
      'select 1 from follow_up where session_id = $1 and completed_at is null',
      [sessionId],
    );
    const memories = await rowsOf(runs.database, 'select 1 from memory where project_id = $1', [
      runs.projectId,
    ]);
    return open.length === 0 && memories.length > 0 ? true : null;
  }, 'scoring and reflection did not end');
  const turn = await waitForAnswer(
    runs.database,
    await ask(runs.kernel, {
      projectId: runs.projectId,
      sessionId,
      message: `And what of ${CHAT_HOST} and ${HOST}?`,
    }),
  );
  expect(turn.status).toBe('completed');
  await reviewSession(runs.kernel, {
    projectId: runs.projectId,
    sessionId,
    actor: 'ada',
    command: { action: 'complete', rating: 'accurate', note: `It was ${HOST} indeed.` },
  });

  // Every request of every kind went through.
  const systems = runs.model.requests.map((request) => request.conversation.system);
  expect(runs.model.requests.length).toBeGreaterThan(9);
  expect(systems.some((system) => system.includes('Our bastion is [HOST_'))).toBe(true);
  const sent = runs.model.requests.map((request) => sentText(request)).join('\n');
  for (const real of [...REAL, BASTION]) {
    expect(sent).not.toContain(real);
    expect(run.log).not.toContain(real);
  }
  expect(await findInDatabase(runs.database, REAL)).toEqual([]);

  // The tools got the names, the model the placeholders it had used.
  const calls = runs.box.calls.filter(({ tool }) => tool === 'echo').map(({ args }) => args.text);
  expect(new Set(calls)).toEqual(new Set([`ssh ${HOST} from ${OTHER_IP}`]));
  const second = runs.model.requests.find((request) => 'a' in resultsIn(request));
  expect(resultsIn(second).a).toMatch(/ssh \[HOST_\w{8}\] from \[IP_\w{8}\]/);
  expect(resultsIn(second).b).toMatch(/\[IP_99\] stands for nothing here/);

  // People read the names, the same in all that was written.
  const reveal = await valuesOf(sessionId);
  expect(reveal(run.session.final_analysis ?? '')).toContain(
    `The cause is ${HOST}, reached from ${OTHER_IP}.`,
  );
  expect(reveal(run.session.executive_summary ?? '')).toBe(`In short: ${HOST} is down.`);
  expect(reveal(turn.answer ?? '')).toContain(HOST);
  const [row] = await rowsOf<{
    title: string;
    data: string;
    labels: unknown;
    fingerprint: string;
    note: string;
  }>(
    runs.database,
    `select a.title, a.data, a.labels, a.fingerprint, s.review_note as note
     from session s join alert a on a.id = s.alert_id where s.id = $1`,
    [sessionId],
  );
  expect(reveal(row?.title ?? '')).toBe(alert.title);
  expect(reveal(row?.data ?? '')).toBe(alert.data);
  expect(JSON.parse(reveal(JSON.stringify(row?.labels)))).toEqual(alert.labels);
  expect(reveal(row?.fingerprint ?? '')).toContain(`down/${HOST}`);
  expect(reveal(row?.note ?? '')).toBe(`It was ${HOST} indeed.`);
  const responses = itemsOf(run, 'response').map(({ content }) => reveal(content));
  expect(responses).toContain(`I look at ${HOST} and ${OTHER_IP}.`);

  // What is learned is for other sessions.
  const memories = await rowsOf<{ content: string }>(
    runs.database,
    'select content from memory where project_id = $1',
    [runs.projectId],
  );
  expect(memories.map(({ content }) => content)).toContain(
    'When a host is down, look at an IP address first.',
  );
});

test('repeats are merged, a whole name finds the session, and a second run reads the first one’s alert', async () => {
  await runs.kernel.setConfig({ ...base(), masking });
  runs.model.setScript(() => 'Nothing to see.');
  const unique = `cache-9.corp.internal`;
  const first = await postAlert(runs.kernel, runs.projectId, {
    fingerprint: `slow/${unique}`,
    data: `${unique} is slow for ${CUSTOMER}`,
  });
  expect(await postAlert(runs.kernel, runs.projectId, { fingerprint: `slow/${unique}`, data: 'still' })).toBe(
    first,
  );
  const other = await postAlert(runs.kernel, runs.projectId, { fingerprint: `slow/x${unique}`, data: 'x' });
  expect(other).not.toBe(first);
  await Promise.all([waitForEnd(runs.database, first), waitForEnd(runs.database, other)]);

  const search = async (q: string) =>
    (
      await listSessions(runs.kernel, { projectId: runs.projectId, q, limit: 10, sort: '-createdAt' })
    ).items.map(({ id }) => id);
  expect(await search(unique)).toEqual([first]);
  expect(await search(`slow ${unique} ${CUSTOMER}`)).toEqual([first]);
  expect(await search(`fast ${unique}`)).toEqual([]);
  expect(await search('corp.internal')).toEqual([]);

  const { sessionId } = await rerunSession(runs.kernel, {
    projectId: runs.projectId,
    sessionId: first,
    actor: 'ada',
  });
  await waitForEnd(runs.database, sessionId);
  const [row] = await rowsOf<{ data: string }>(
    runs.database,
    'select a.data from session s join alert a on a.id = s.alert_id where s.id = $1',
    [sessionId],
  );
  expect((await valuesOf(sessionId))(row?.data ?? '')).toBe(`${unique} is slow for ${CUSTOMER}`);
  await runs.database.pool.query('delete from session where id = $1', [sessionId]);
  expect(
    await rowsOf(runs.database, 'select 1 from masked_identifier where session_id = $1', [sessionId]),
  ).toEqual([]);
});

test('rules and people decide on real names', async () => {
  const asking = {
    ...urlFixture('http', runs.box.url),
    approval: { rules: [{ tool: 'echo', arguments: { text: `.*${HOST}.*` }, approval: 'always' }] },
  };
  const picker: TurnPicker = (request) =>
    request.assistantTurns > 0
      ? 'Done.'
      : {
          toolCalls: [
            { id: 'a', name: 'box__echo', arguments: { text: `restart ${placeholderIn(request, 'HOST')}` } },
          ],
        };
  const sessionId = await runs.start({
    script: picker,
    config: { masking, mcpServers: { box: asking } },
    alert: { data: `${HOST} hangs` },
  });
  const approval = await waitFor(
    async () =>
      (
        await listApprovals(runs.kernel, {
          projectId: runs.projectId,
          sessionId,
          status: 'pending',
          limit: 1,
        })
      ).items[0],
    'nobody was asked',
  );
  expect(JSON.stringify(approval.arguments)).toMatch(/restart \[HOST_\w{8}\]/);
  expect((await valuesOf(sessionId))(JSON.stringify(approval.arguments))).toContain(`restart ${HOST}`);
  await decideApproval(runs.kernel, {
    projectId: runs.projectId,
    approvalId: approval.id,
    actor: 'ada',
    decision: 'approve',
    reason: `${CHAT_HOST} agrees`,
    scope: 'once',
  });
  expect(await waitForEnd(runs.database, sessionId)).toBe('completed');
  expect(runs.box.calls.at(-1)?.args).toEqual({ text: `restart ${HOST}` });
  expect(await findInDatabase(runs.database, REAL)).toEqual([]);
});

test('what cannot be kept does not leave', async () => {
  const { pool } = runs.database;
  await pool.query(
    `create function refuse() returns trigger language plpgsql as $$ begin raise 'no room'; end $$`,
  );
  await pool.query(
    `create trigger refuse before insert on masked_identifier for each row when (new.kind = 'CUSTOMER') execute function refuse()`,
  );
  const before = runs.model.requests.length;
  const picker: TurnPicker = () => ({
    toolCalls: [{ id: 'a', name: 'box__echo', arguments: { text: CUSTOMER } }],
  });
  const run = await runs.run({ script: picker, config: { masking }, alert: { data: 'Something hangs.' } });
  expect(run.status).toBe('failed');
  expect(run.session.error).toMatch(/TARS failed while running this session/);
  expect(run.toolCalls).toEqual([]);
  expect(runs.model.requests.length).toBe(before + 1);
  const alerts = () => rowsOf(runs.database, 'select 1 from alert where project_id = $1', [runs.projectId]);
  const known = await alerts();
  await expect(postAlert(runs.kernel, runs.projectId, { data: CUSTOMER })).rejects.toThrow('no room');
  expect(await alerts()).toHaveLength(known.length);
  await pool.query('drop trigger refuse on masked_identifier');
});

test('what cannot be read does not leave either', async () => {
  const run = await runs.run({ script: model, config: { masking }, alert: { data: `${HOST} hangs` } });
  expect(run.status).toBe('completed');
  await runs.database.pool.query(`update masked_identifier set ciphertext = 'spoilt' where session_id = $1`, [
    run.sessionId,
  ]);
  const before = runs.model.requests.length;
  const question = { projectId: runs.projectId, sessionId: run.sessionId, message: `And ${HOST}?` };
  await expect(ask(runs.kernel, question)).rejects.toThrow();
  expect(runs.model.requests.length).toBe(before);
});

const base = () => ({
  defaults: { llmProvider: 'main' },
  llmProviders: { main: runs.provider() },
  mcpServers: { box: urlFixture('http', runs.box.url) },
  chains: {
    kubernetes: { stages: [{ name: 'look', agents: ['kubernetes'] }], executiveSummary: { enabled: false } },
  },
});
