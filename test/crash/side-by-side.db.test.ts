import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { decideApproval } from '#src/features/approvals/server/index.ts';
import { readPendingApprovals } from '#src/features/sessions/server/index.ts';
import { rowsOf, statusOf, waitFor, waitForEnd } from '../runs.ts';
import type { CrashBed } from './crash-bed.ts';
import { crashTest, RESUME_LIMIT_MS } from './crash-test.ts';
import { holdStatement } from './hold-statement.ts';

const oneStage = (stage: Record<string, unknown>, agents: Record<string, unknown>) => ({
  agents,
  chains: {
    kubernetes: {
      alertTypes: ['kubernetes'],
      stages: [{ name: 'look', ...stage }],
      executiveSummary: { enabled: false },
    },
  },
});
const agentsOf = (bed: CrashBed, sessionId: string) =>
  rowsOf<{ agent: string; status: string }>(
    bed.database,
    `select e.agent, e.status from execution e join stage s on s.id = e.stage_id
     where e.session_id = $1 order by s.index, e.parent_execution_id nulls first, e.index`,
    [sessionId],
  );
const analysisOf = async (bed: CrashBed, sessionId: string) =>
  (
    await rowsOf<{ final_analysis: string }>(
      bed.database,
      'select final_analysis from session where id = $1',
      [sessionId],
    )
  )[0]?.final_analysis;

crashTest(
  'killed after the first success and before early stop had cancelled the others: they are not begun again',
  {
    config: oneStage(
      {
        agents: ['slow', 'quick', 'slower'],
        successPolicy: 'any',
        stopEarly: true,
        synthesis: { enabled: false },
      },
      {
        slow: { instructions: 'You are slow.' },
        quick: { instructions: 'You are quick.' },
        slower: { instructions: 'You are slower.' },
      },
    ),
  },
  async (bed) => {
    let isFirst = true;
    bed.model.setScript(({ conversation }) => {
      if (conversation.system.includes('You are quick.')) return { startGate: 'quick', text: 'The key.' };
      return isFirst ? { startGate: 'never', text: 'Late.' } : 'Begun again.';
    });
    const cancelled = await holdStatement(bed.database, {
      table: 'execution',
      event: 'update',
      when: `new.status = 'cancelled'`,
    });
    const first = await bed.startWorker();
    const sessionId = await bed.post();
    await bed.model.waitForRequests(3, RESUME_LIMIT_MS);
    bed.model.release('quick');
    await cancelled.reached();
    await first.kill();
    await cancelled.release();
    isFirst = false;
    await bed.startWorker();
    expect(await waitForEnd(bed.database, sessionId, RESUME_LIMIT_MS + 10_000)).toBe('completed');
    expect(await agentsOf(bed, sessionId)).toEqual([
      { agent: 'slow', status: 'cancelled' },
      { agent: 'quick', status: 'completed' },
      { agent: 'slower', status: 'cancelled' },
    ]);
    expect(await analysisOf(bed, sessionId)).toBe('The key.');
    expect(bed.model.requests).toHaveLength(3);
    expect(await bed.violations(sessionId)).toEqual([]);
  },
);

crashTest(
  'killed when two of three replicas had ended: only the third is run again, and the synthesis reads all in order',
  { config: oneStage({ agents: ['look'], replicas: 3 }, { look: { instructions: 'You look.' } }) },
  async (bed) => {
    let asked = 0;
    bed.model.setScript(({ conversation }) => {
      if (conversation.messages[0]?.text.startsWith('TARS-TASK: synthesis')) return 'Together.';
      asked += 1;
      return asked === 1 ? { startGate: 'never', text: 'Late.' } : `Answer ${asked}.`;
    });
    const first = await bed.startWorker();
    const sessionId = await bed.post();
    await waitFor(
      async () => {
        const ended = (await agentsOf(bed, sessionId)).filter(({ status }) => status === 'completed');
        return ended.length === 2 ? ended : null;
      },
      'two replicas did not end',
      RESUME_LIMIT_MS,
    );
    await first.kill();
    await bed.startWorker();
    expect(await waitForEnd(bed.database, sessionId, RESUME_LIMIT_MS + 10_000)).toBe('completed');
    expect(bed.model.requests).toHaveLength(5);
    const synthesis = bed.model.requests.at(-1)?.conversation.messages[0]?.text ?? '';
    expect(synthesis).toContain('3 of 3 came to an answer');
    expect([...synthesis.matchAll(/BEGIN DATA: agent "(\S+)"/g)].map(([, name]) => name)).toEqual([
      'look-1',
      'look-2',
      'look-3',
    ]);
    expect(await analysisOf(bed, sessionId)).toBe('Together.');
    expect(await bed.violations(sessionId)).toEqual([]);
  },
);

crashTest(
  'killed while an agent and one of its two sub-agents wait for people: both decisions are taken up, nothing is done twice',
  {
    box: { approval: { default: 'annotations' } },
    config: oneStage(
      { agents: ['lead'] },
      {
        lead: { instructions: 'You lead.', subAgents: [{ name: 'disk' }, { name: 'net' }] },
        disk: { description: 'Disks.', instructions: 'You check disks.' },
        net: { description: 'Network.', instructions: 'You check the network.' },
      },
    ),
  },
  async (bed) => {
    const paths = { lead: join(bed.directory, 'lead'), disk: join(bed.directory, 'disk') };
    const write = (id: string, path: string) => ({
      id,
      name: 'box__write',
      arguments: { path, text: 'once' },
    });
    const dispatch = (name: string) => ({
      id: name,
      name: 'tars__dispatch_agent',
      arguments: { name, task: `check the ${name}` },
    });
    let isFirst = true;
    bed.model.setScript(({ conversation, assistantTurns }) => {
      const { system } = conversation;
      if (system.includes('the network'))
        return isFirst ? { startGate: 'never', text: 'Late.' } : 'The network is fine.';
      if (system.includes('disks'))
        return assistantTurns === 0 ? { toolCalls: [write('d', paths.disk)] } : 'The disk is clean.';
      if (assistantTurns === 0)
        return { toolCalls: [dispatch('disk'), dispatch('net'), write('w', paths.lead)] };
      const told = conversation.messages.map(({ text }) => text).join('\n');
      return told.includes('is clean') && told.includes('is fine') ? 'All three.' : 'Waiting.';
    });
    const first = await bed.startWorker();
    const sessionId = await bed.post();
    await bed.model.waitForBlocked('never', RESUME_LIMIT_MS);
    const pending = await waitFor(async () => {
      const asked = await readPendingApprovals(bed.database.pool, sessionId);
      return asked.length === 2 ? asked : null;
    }, 'not both have asked');
    await first.kill();
    isFirst = false;
    // The first decision comes when nobody is there, the second one when all that is left waits.
    const decide = (approvalId: string | undefined) =>
      decideApproval(bed.kernel, {
        projectId: bed.projectId,
        approvalId: approvalId ?? '',
        actor: 'ana',
        decision: 'approve',
        scope: 'once',
      });
    await decide(pending.find(({ arguments: args }) => args.path === paths.disk)?.id);
    await bed.startWorker();
    await waitFor(
      async () => ((await statusOf(bed.database, sessionId)) === 'waiting' ? true : null),
      'it does not wait for the second decision',
      RESUME_LIMIT_MS + 10_000,
    );
    await decide(pending.find(({ arguments: args }) => args.path === paths.lead)?.id);
    expect(await waitForEnd(bed.database, sessionId)).toBe('completed');
    expect(await analysisOf(bed, sessionId)).toBe('All three.');
    expect(await bed.executed()).toEqual(['write', 'write']);
    expect(await readFile(paths.lead, 'utf8')).toBe('once\n');
    expect(await readFile(paths.disk, 'utf8')).toBe('once\n');
    expect(await agentsOf(bed, sessionId)).toHaveLength(3);
    expect(await bed.violations(sessionId)).toEqual([]);
  },
);
