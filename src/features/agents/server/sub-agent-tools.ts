import { z } from 'zod';
import { type BuiltInTool, defineBuiltInTool } from './built-in-tools.ts';
import type { SubAgents } from './sub-agents.ts';

/** How an agent starts, watches and cancels others. `agents` are those it may start. */
export function createSubAgentTools(
  subAgents: SubAgents,
  agents: readonly { name: string; description: string }[],
): BuiltInTool[] {
  const names = agents.map(({ name, description }) => `${name}: ${description}`).join('\n');
  return [
    defineBuiltInTool({
      name: 'dispatch_agent',
      description: `Starts another agent on a task of its own and returns at once. Agents that do not depend on each other should be started in the same turn. You can start:\n${names}`,
      input: z.object({
        name: z.string().min(1).describe('Name of the agent'),
        task: z.string().trim().min(1).describe('What it shall find out, with all it needs to know'),
      }),
      run: ({ name }, { call }) =>
        subAgents.dispatch({ name, task: textOf(call.maskedArguments.task), place: call }),
    }),
    defineBuiltInTool({
      name: 'list_agents',
      description: 'Lists the agents you have started, with their state.',
      input: z.object({}),
      run: () => ({ ok: true, text: subAgents.list() }),
    }),
    defineBuiltInTool({
      name: 'cancel_agent',
      description: 'Cancels an agent you have started when its result is not needed any more.',
      input: z.object({ execution_id: z.string().min(1) }),
      run: ({ execution_id: id }) => subAgents.cancel(id),
    }),
  ];
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
