import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import { decideApproval } from '#src/features/approvals/server/index.ts';
import { AppError } from '#src/server/errors.ts';
import type { TurnPicker } from '../llm-protocol/pick-turn.ts';
import { rowsOf, waitForEnd } from '../runs.ts';
import type { CrashBed } from './crash-bed.ts';
import { crashTest } from './crash-test.ts';
import { seededRandom, storm } from './storm.ts';

const SESSIONS = 3;
const SEED = 4_711;

const config = {
  queue: { maxRunningSessions: SESSIONS, workerConcurrency: 5 },
  agents: {
    lead: { instructions: 'You lead.', subAgents: [{ name: 'disk' }, { name: 'net' }] },
    disk: { description: 'Disks.', instructions: 'You check disks.' },
    net: { description: 'Network.', instructions: 'You check the network.' },
    other: { instructions: 'You look elsewhere.' },
    racer: { instructions: 'You race.' },
  },
  chains: {
    kubernetes: {
      alertTypes: ['kubernetes'],
      stages: [
        { name: 'look', agents: ['lead', 'other'], successPolicy: 'all' },
        { name: 'race', agents: ['racer'], replicas: 3, successPolicy: 'any', stopEarly: true },
      ],
      executiveSummary: { enabled: false },
    },
  },
};

/** A lead that starts two and acts itself, one of which acts; both acts wait for people. Each write names who made it. */
const script =
  (path: string): TurnPicker =>
  ({ conversation, assistantTurns, lastText }) => {
    const { system, messages } = conversation;
    const mark = JSON.stringify(conversation).match(/MARK-\d+/)?.[0] ?? 'nobody';
    const write = (who: string) => ({
      id: `w-${who}`,
      name: 'box__write',
      arguments: { path, text: `${mark} ${who}`, delayMs: 300 },
    });
    const dispatch = (name: string) => ({
      id: name,
      name: 'tars__dispatch_agent',
      arguments: { name, task: `check the ${name}` },
    });
    const slow = { id: 's', name: 'box__slow', arguments: { ms: 700 } };
    if (messages[0]?.text.startsWith('TARS-TASK: synthesis'))
      return { text: `${mark} together.`, delayMs: 200 };
    if (system.includes('You race.')) return { text: `${mark} raced.`, startDelayMs: 300, delayMs: 400 };
    if (system.includes('You lead.')) {
      if (assistantTurns === 0)
        return { toolCalls: [dispatch('disk'), dispatch('net'), write('lead'), slow] };
      const all = messages.map(({ text }) => text).join();
      return all.includes('disk done') && all.includes('net done') ? `${mark} led.` : `${mark} waiting.`;
    }
    if (system.includes('disks'))
      return assistantTurns === 0 ? { toolCalls: [write('disk'), slow] } : `${mark} disk done.`;
    if (system.includes('the network'))
      return assistantTurns < 2
        ? { toolCalls: [{ ...slow, id: `s${assistantTurns}`, arguments: { ms: 600 + assistantTurns } }] }
        : `${mark} net done.`;
    return assistantTurns === 0
      ? { toolCalls: [write('other')] }
      : { text: `${mark} elsewhere. ${lastText.slice(0, 20)}`, delayMs: 100 };
  };

/** Decides what waits, one now and then, until the signal aborts. */
async function decideNowAndThen(bed: CrashBed, signal: AbortSignal): Promise<void> {
  const random = seededRandom(SEED + 1);
  while (!signal.aborted) {
    await pause(300 + random() * 900);
    const [open] = await rowsOf<{ id: string }>(
      bed.database,
      `select id from approval where status = 'pending' order by md5(id::text || $1) limit 1`,
      [String(random())],
    );
    if (!open) continue;
    await decideApproval(bed.kernel, {
      projectId: bed.projectId,
      approvalId: open.id,
      actor: 'ana',
      decision: random() < 0.7 ? 'approve' : 'deny',
      scope: 'once',
    }).catch((error: unknown) => {
      if (!(error instanceof AppError)) throw error;
    });
  }
}

crashTest(
  'workers killed at random moments while agents, their sub-agents and replicas wait, act and race: nothing is lost or done twice',
  { config, box: { approval: { default: 'annotations' } } },
  async (bed) => {
    const path = join(bed.directory, 'written');
    bed.model.setScript(script(path));
    const over = new AbortController();
    const people = decideNowAndThen(bed, over.signal);
    try {
      const sessions = await storm(
        bed,
        async () => {
          const ids: string[] = [];
          for (let n = 1; n <= SESSIONS; n += 1)
            ids.push(await bed.post({ title: `MARK-${n}`, data: `It is MARK-${n}.` }));
          return ids;
        },
        SEED,
      );
      for (const id of sessions) expect(await waitForEnd(bed.database, id, 60_000)).toBe('completed');
      for (const id of sessions) expect(await bed.violations(id)).toEqual([]);
    } finally {
      over.abort();
      await people;
    }
    const written = (await readFile(path, 'utf8').catch(() => '')).split('\n').filter(Boolean);
    expect(new Set(written).size).toBe(written.length);
    const calls = await rowsOf<{ status: string; decision: string | null; asked: number }>(
      bed.database,
      `select c.status, max(a.status::text) as decision, count(a.id)::int as asked
       from tool_call c left join approval a on a.tool_call_id = c.id where c.tool = 'write' group by c.id, c.status`,
    );
    // Three per session; each asked for once, and made only when it was approved.
    expect(calls).toHaveLength(3 * SESSIONS);
    expect(calls.every(({ asked }) => asked === 1)).toBe(true);
    const made = calls.filter(({ status }) => status === 'completed');
    expect(made.every(({ decision }) => decision === 'approved')).toBe(true);
    expect(written.length).toBeGreaterThanOrEqual(made.length);
    expect(written.length).toBeLessThanOrEqual(
      calls.filter(({ decision }) => decision === 'approved').length,
    );
    const agents = await rowsOf<{ agent: string; count: number }>(
      bed.database,
      `select agent, count(*)::int as count from execution where parent_execution_id is not null group by agent order by agent`,
    );
    expect(agents).toEqual([
      { agent: 'disk', count: SESSIONS },
      { agent: 'net', count: SESSIONS },
    ]);
  },
);
