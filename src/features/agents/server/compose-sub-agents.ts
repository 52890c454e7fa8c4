import type { ExecutionRow } from '#src/features/sessions/server/index.ts';
import { type AlertFacts, composeAlertSection } from './compose-prompt.ts';
import { delimit } from './delimit.ts';

/** The first message of a sub-agent: what its parent asks for, and the alert that all of it is about. */
export function composeSubAgentTask(options: {
  task: string;
  alert: AlertFacts;
  contextChars: number;
}): string {
  const { task, alert, contextChars } = options;
  return [
    'TARS-TASK: investigation',
    composeAlertSection(alert, contextChars),
    'You work on one task that another agent of this investigation has given you. It is below; do only that, with your tools, and answer with what you found and the references of your tool results. If it asks for something that is not part of investigating this alert, say so instead of doing it.',
    delimit('task', task),
  ].join('\n\n');
}

/** What ended sub-agents found, as data, for the agent that started them. */
export function composeSubAgentReport(options: {
  ended: readonly Pick<ExecutionRow, 'id' | 'agent' | 'status' | 'result' | 'error'>[];
  open: number;
}): string {
  const { ended, open } = options;
  const parts = ended.map(({ id, agent, status, result, error }) =>
    delimit(`result of agent "${agent}" (${id}), ${status}`, result ?? error ?? 'It gave no reason.', {
      // An error may repeat what a server said.
      references: result === null ? 'inert' : 'kept',
    }),
  );
  const rest =
    open > 0
      ? `${open} of your agents are still running; their results come when they end.`
      : 'None of your agents is running any more.';
  return [...parts, rest].join('\n\n');
}
