import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { itemsOf, resultsIn, sentText, useAgentRuns } from '#test/agent-runs.ts';
import { crashTest, RESUME_LIMIT_MS } from '#test/crash/crash-test.ts';
import { waitForEnd } from '#test/runs.ts';

const runs = useAgentRuns();

const skillFile = (name: string, text: string) =>
  `---\nname: ${name}\ndescription: When ${name}.\n---\n${text}\n`;
const files = {
  'skills/oncall/SKILL.md': skillFile('oncall', 'Answer in two lines. password: hunter2hunter2'),
  'skills/dns/SKILL.md': skillFile('dns', 'Ask the resolver first.'),
  'skills/storage.md': skillFile('storage', 'Look at the claims.'),
};
const agents = { kubernetes: { requiredSkills: ['oncall'], skills: ['dns'] } };
const chains = {
  kubernetes: {
    alertTypes: ['kubernetes'],
    stages: [{ name: 'look', agents: ['kubernetes'], skills: ['storage'] }],
    executiveSummary: { enabled: false },
  },
};

test('required skills are in the prompt, others are loaded on demand, and people see both', async () => {
  const run = await runs.run({
    files,
    config: { agents, chains },
    script: [
      {
        toolCalls: [
          { id: 'a', name: 'tars__load_skill', arguments: { names: ['dns', 'storage', 'nonsense'] } },
        ],
      },
      { toolCalls: [{ id: 'b', name: 'tars__load_skill', arguments: { names: ['nonsense'] } }] },
      'Done.',
    ],
  });
  expect(run.status).toBe('completed');
  const system = run.requests[0]?.conversation.system ?? '';
  expect(system).toContain('## Skill "oncall"\nAnswer in two lines.');
  expect(system).toContain('- dns: When dns.\n- storage: When storage.');
  expect(system).not.toContain('Ask the resolver first.');
  const answer = resultsIn(run.requests[1]).a ?? '';
  expect(answer).toContain('Ask the resolver first.');
  expect(answer).toContain('Look at the claims.');
  expect(answer).toContain('Unknown: nonsense. On offer: dns, storage.');
  expect(run.toolCalls.map(({ status }) => status)).toEqual(['completed', 'failed']);
  expect(
    itemsOf(run, 'skill_loaded').map(({ content, data }) => [content, data.skill, data.required]),
  ).toEqual([
    ['When oncall.', 'oncall', true],
    ['When dns.', 'dns', false],
    ['When storage.', 'storage', false],
  ]);
  for (const request of run.requests) expect(sentText(request)).not.toContain('hunter2');
});

test('without skills there is no tool for them', async () => {
  const run = await runs.run({ script: ['Done.'] });
  expect(run.requests[0]?.conversation.tools.map(({ name }) => name)).not.toContain('tars__load_skill');
  expect(run.requests[0]?.conversation.system).not.toContain('Skills on demand');
});

crashTest(
  'what a run has loaded stays in its conversation when the skill is changed and the worker dies',
  {},
  async (bed) => {
    const write = async (text: string) => {
      await mkdir(join(bed.configDir, 'skills'), { recursive: true });
      await writeFile(join(bed.configDir, 'skills/dns.md'), skillFile('dns', text));
    };
    await write('Old wisdom.');
    bed.model.setScript([
      { toolCalls: [{ id: 'a', name: 'tars__load_skill', arguments: { names: ['dns'] } }] },
      {
        steps: [
          { type: 'text', text: 'It is' },
          { type: 'block', gate: 'never' },
        ],
      },
      'Done.',
    ]);
    const first = await bed.startWorker();
    const sessionId = await bed.post();
    await bed.model.waitForBlocked('never', 30_000);
    await first.kill();
    await write('New wisdom.');
    await Promise.all([bed.startWorker(), bed.model.waitForRequests(3, RESUME_LIMIT_MS)]);
    expect(await waitForEnd(bed.database, sessionId)).toBe('completed');
    expect(resultsIn(bed.model.requests[2]).a).toContain('Old wisdom.');
    expect(sentText(bed.model.requests[2])).not.toContain('New wisdom.');
    expect(await bed.violations(sessionId)).toEqual([]);
  },
);
