import type { ScriptRequest } from './llm-protocol/pick-turn.ts';

/** A chain of one agent, `lead`, that may start `net` and `disk`; `lead` changes its settings. */
export const leadConfig = (lead: Record<string, unknown> = {}) => ({
  agents: {
    lead: { instructions: 'You lead.', subAgents: [{ name: 'net' }, { name: 'disk' }], ...lead },
    net: { description: 'Network checks.', instructions: 'You check the network.' },
    disk: { description: 'Disk checks.', instructions: 'You check disks.' },
  },
  chains: {
    kubernetes: { stages: [{ name: 'look', agents: ['lead'] }], executiveSummary: { enabled: false } },
  },
});

/** Which of them asks the model. */
export const agentOf = ({ conversation }: Pick<ScriptRequest, 'conversation'>): 'lead' | 'net' | 'disk' =>
  conversation.system.includes('You lead.')
    ? 'lead'
    : conversation.system.includes('the network')
      ? 'net'
      : 'disk';

/** A call with which the lead starts one. */
export const dispatch = (id: string, name: string, task: string) => ({
  id,
  name: 'tars__dispatch_agent',
  arguments: { name, task },
});
