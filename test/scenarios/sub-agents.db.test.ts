import { expect, test } from 'vitest';
import { resultsIn, sentText, useAgentRuns } from '../agent-runs.ts';
import { findViolations } from '../crash/check-invariants.ts';
import { rowsOf } from '../runs.ts';

/** An agent that directs others, with all that an execution of its own brings to each of them. */

const runs = useAgentRuns();
const skill = (name: string, text: string) =>
  `---\nname: ${name}\ndescription: When ${name}.\n---\n${text}\n`;
const dispatch = (id: string, name: string, task: string) => ({
  toolCalls: [{ id, name: 'tars__dispatch_agent', arguments: { name, task } }],
});

test('an agent reads what one found before it sends the next; each has its skills, and servers tell them apart', async () => {
  const origin = new URL(runs.box.url).origin;
  const run = await runs.run({
    files: {
      'skills/network/SKILL.md': skill('network', 'Ask the resolver first.'),
      'skills/dns.md': skill('dns', 'Compare both resolvers.'),
    },
    config: {
      mcpServers: {
        box: {
          transport: {
            type: 'http',
            url: runs.box.url,
            headers: { 'X-Run': '{{executionId}}' },
            cleanupUrl: `${origin}/runs/{{executionId}}`,
          },
        },
      },
      agents: {
        lead: { instructions: 'You lead.', subAgents: [{ name: 'net' }, { name: 'disk' }], skills: [] },
        net: {
          description: 'Network checks.',
          instructions: 'You check the network.',
          requiredSkills: ['network'],
          skills: ['dns'],
        },
        disk: { description: 'Disk checks.', instructions: 'You check disks.', skills: [] },
      },
      chains: {
        kubernetes: { stages: [{ name: 'look', agents: ['lead'] }], executiveSummary: { enabled: false } },
      },
    },
    script: ({ conversation, assistantTurns, lastText }) => {
      const { system } = conversation;
      if (system.includes('You check the network.')) {
        const turns = [
          { toolCalls: [{ id: 's', name: 'tars__load_skill', arguments: { names: ['dns'] } }] },
          { toolCalls: [{ id: 'n', name: 'box__echo', arguments: { text: 'resolved' } }] },
        ];
        return turns[assistantTurns] ?? 'The network is fine, look at node 7.';
      }
      if (system.includes('You check disks.'))
        return assistantTurns === 0
          ? { toolCalls: [{ id: 'd', name: 'box__echo', arguments: { text: 'full' } }] }
          : 'The disk of node 7 is full.';
      if (assistantTurns === 0) return dispatch('a', 'net', 'Check the network.');
      if (lastText.includes('look at node 7')) return dispatch('b', 'disk', 'Check node 7.');
      return lastText.includes('node 7 is full') ? 'The disk of node 7 is full.' : 'I wait.';
    },
  });
  expect(run.status).toBe('completed');
  expect(run.session.final_analysis).toBe('The disk of node 7 is full.');
  const executions = await rowsOf<{ id: string; agent: string; parent: string | null; task: string | null }>(
    runs.database,
    `select e.id, e.agent, p.agent as parent, e.task from execution e
     left join execution p on p.id = e.parent_execution_id where e.session_id = $1 order by e.index`,
    [run.sessionId],
  );
  expect(executions.map(({ agent, parent, task }) => [agent, parent, task]).sort()).toEqual([
    ['disk', 'lead', 'Check node 7.'],
    ['lead', null, null],
    ['net', 'lead', 'Check the network.'],
  ]);

  const toNet = run.requests.filter(({ conversation }) => conversation.system.includes('check the network'));
  expect(toNet[0]?.conversation.system).toContain('## Skill "network"\nAsk the resolver first.');
  expect(Object.values(resultsIn(toNet[1])).join()).toContain('Compare both resolvers.');
  const others = run.requests.filter((request) => !toNet.includes(request));
  for (const request of others) expect(sentText(request)).not.toContain('Ask the resolver first.');

  const ids = executions.map(({ id }) => id).sort();
  expect([...runs.box.runs.keys()].filter((id) => id !== 'health').sort()).toEqual(ids);
  expect([...runs.box.cleanedUp].sort()).toEqual(ids);
  expect(await findViolations(runs.kernel, { projectId: runs.projectId, sessionId: run.sessionId })).toEqual(
    [],
  );
});
