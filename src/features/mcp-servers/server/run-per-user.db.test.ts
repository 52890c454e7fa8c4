import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { fromPostAlert, receiveAlert } from '#src/features/alerts/server/index.ts';
import { decideApproval } from '#src/features/approvals/server/index.ts';
import { rerunSession } from '#src/features/sessions/server/rerun-session.ts';
import { type HubPerson, useHubRuns } from '#test/authorization-server/hub-runs.ts';
import { ask, waitForAnswer } from '#test/chat.ts';
import { rowsOf, waitFor, waitForEnd } from '#test/runs.ts';

const bed = useHubRuns();
const { runs } = bed;
beforeEach(() =>
  runs.configure({
    mcpServers: { hub: bed.server({ perUser: true }) },
    agents: { kubernetes: { mcpServers: ['hub'] } },
  }),
);

const signIn = (person: HubPerson) => bed.signIn(person, { id: person.userId, subject: 'you' });

async function submit({ userId, name }: HubPerson): Promise<string> {
  const { sessionId } = await receiveAlert(runs.kernel, {
    projectId: runs.projectId,
    actor: name,
    actorId: userId,
    alert: fromPostAlert({ data: 'The checkout is down.' }),
  });
  if (sessionId === null) throw new Error('no session');
  return sessionId;
}

const call = (id: string, tool: string, args: Record<string, unknown>) => ({
  toolCalls: [{ id, name: `hub__${tool}`, arguments: args }],
});
type Item = { type: string; content: string; data: Record<string, unknown> };
const items = (sessionId: string, type: string) =>
  rowsOf<Item>(
    runs.database,
    'select type, content, data from timeline_item where session_id = $1 and type = $2 order by seq',
    [sessionId, type],
  );
const rights = async (sessionId: string) =>
  (await items(sessionId, 'tool_call')).map(({ data }) => data.actsFor);
const cannot = (name: string) =>
  `MCP server "hub" cannot be used: needs sign-in: ${name} has not signed in to it on the system page. The run goes on without its tools.`;

const pending = (sessionId: string) =>
  waitFor(async () => {
    const [row] = await rowsOf<{ id: string; why: string }>(
      runs.database,
      `select id, why from approval where session_id = $1 and status = 'pending'`,
      [sessionId],
    );
    return row;
  }, 'no approval');

test('an investigation, its rerun and each question use the rights of whoever has asked for it', async () => {
  const [ada, ben] = [await bed.person('Ada'), await bed.person('Ben')];
  await signIn(ada);
  runs.model.setScript([call('a', 'echo', { text: 'one' }), 'Found.']);
  const sessionId = await submit(ada);
  expect(await waitForEnd(runs.database, sessionId)).toBe('completed');
  expect(await rights(sessionId)).toEqual(['Ada']);
  const token = bed.hub.tokens.at(-1);

  // Ben's rerun of what Ada had investigated is Ben's.
  runs.model.setScript(['Looked without it.']);
  const again = await rerunSession(runs.kernel, {
    projectId: runs.projectId,
    sessionId,
    actor: ben.name,
    actorId: ben.userId,
  });
  expect(await waitForEnd(runs.database, again.sessionId)).toBe('completed');
  expect((await items(again.sessionId, 'error')).map(({ content }) => content)).toEqual([cannot('Ben')]);

  const question = { projectId: runs.projectId, sessionId, message: 'And now?' };
  runs.model.setScript(['I cannot look.']);
  const bens = await ask(runs.kernel, { ...question, author: 'Ben', authorId: ben.userId });
  expect((await waitForAnswer(runs.database, bens)).status).toBe('completed');
  expect((await items(sessionId, 'error')).map(({ content }) => content)).toEqual([cannot('Ben')]);

  await signIn(ben);
  runs.model.setScript([call('b', 'echo', { text: 'two' }), 'Looked.']);
  const bensNext = await ask(runs.kernel, { ...question, author: 'Ben', authorId: ben.userId });
  expect((await waitForAnswer(runs.database, bensNext)).status).toBe('completed');
  expect(await rights(sessionId)).toEqual(['Ada', 'Ben']);
  expect(bed.hub.tokens.at(-1)).not.toBe(token);
});

test('what an API key has started uses nobody’s rights', async () => {
  const ada = await bed.person('Ada');
  await signIn(ada);
  const { sessionId } = await receiveAlert(runs.kernel, {
    projectId: runs.projectId,
    // A key may be called like a person.
    actor: 'Ada',
    alert: fromPostAlert({ data: 'The checkout is down.' }),
  });
  runs.model.setScript(['Looked without it.']);
  expect(await waitForEnd(runs.database, sessionId ?? '')).toBe('completed');
  expect((await items(sessionId ?? '', 'error')).map(({ content }) => content)).toEqual([
    'MCP server "hub" cannot be used: needs sign-in: nobody has connected it yet. The run goes on without its tools.',
  ]);
});

test('whoever decides on a call is told whose rights it would use, and those are used', async () => {
  const ada = await bed.person('Ada');
  await signIn(ada);
  runs.model.setScript([call('w', 'write', { path: join(tmpdir(), 'per-user'), text: 'x' }), 'Written.']);
  const sessionId = await submit(ada);
  const approval = await pending(sessionId);
  expect(approval.why).toContain('; it runs with the rights of Ada');
  await decideApproval(runs.kernel, {
    projectId: runs.projectId,
    approvalId: approval.id,
    actor: 'Ben',
    decision: 'approve',
    scope: 'once',
  });
  expect(await waitForEnd(runs.database, sessionId)).toBe('completed');
  expect(await rights(sessionId)).toEqual(['Ada']);
});

test('a tool that was allowed for the session is allowed with the rights of the same person only', async () => {
  const [ada, ben] = [await bed.person('Ada'), await bed.person('Ben')];
  for (const person of [ada, ben]) await signIn(person);
  const write = (id: string) => call(id, 'write', { path: join(tmpdir(), 'per-user'), text: id });
  const decide = (approvalId: string) =>
    decideApproval(runs.kernel, {
      projectId: runs.projectId,
      approvalId,
      actor: 'Cy',
      decision: 'approve',
      scope: 'session',
    });
  runs.model.setScript([write('one'), 'Written.']);
  const sessionId = await submit(ada);
  await decide((await pending(sessionId)).id);
  expect(await waitForEnd(runs.database, sessionId)).toBe('completed');

  const question = { projectId: runs.projectId, sessionId, message: 'And now?' };
  runs.model.setScript([write('two'), 'Written.']);
  const adas = await ask(runs.kernel, { ...question, author: 'Ada', authorId: ada.userId });
  expect((await waitForAnswer(runs.database, adas)).status).toBe('completed');

  runs.model.setScript([write('three'), 'Written.']);
  const bens = await ask(runs.kernel, { ...question, author: 'Ben', authorId: ben.userId });
  const approval = await pending(sessionId);
  expect(approval.why).toContain('; it runs with the rights of Ben');
  await decide(approval.id);
  expect((await waitForAnswer(runs.database, bens)).status).toBe('completed');
  expect(await rights(sessionId)).toEqual(['Ada', 'Ada', 'Ben']);
});
