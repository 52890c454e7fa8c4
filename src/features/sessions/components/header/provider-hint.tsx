'use client';
import { Bot } from 'lucide-react';
import { Popover, PopoverContent, PopoverTrigger } from '#src/components/ui/popover.tsx';
import type { SessionView } from '../../schema.ts';

/** Who answers. When it is the offline analyst, says quietly what that is and how to connect a model. */
export function ProviderHint({ session }: { session: SessionView }) {
  const execution = session.stages.flatMap((stage) => stage.executions).at(-1);
  if (!execution?.provider) return null;
  if (!/offline/i.test(`${execution.provider} ${execution.model}`)) {
    return (
      <span className="inline-flex items-center gap-1">
        <Bot aria-hidden="true" className="size-3" />
        {execution.provider} · {execution.model}
        {execution.originalProvider === null ? null : (
          <span title="Another provider has taken over">
            (instead of {execution.originalProvider} · {execution.originalModel})
          </span>
        )}
      </span>
    );
  }
  return (
    <Popover>
      <PopoverTrigger className="inline-flex items-center gap-1 rounded underline decoration-dotted underline-offset-2 hover:text-text">
        <Bot aria-hidden="true" className="size-3" />
        offline analyst
      </PopoverTrigger>
      <PopoverContent align="start" className="grid gap-2">
        <p>
          No language model is connected. The offline analyst answers: it recognises known failures of
          Kubernetes by rule and says so when it does not know.
        </p>
        <p className="text-dim text-xs">
          To connect a model, set a key such as <code className="text-text">ANTHROPIC_API_KEY</code> or{' '}
          <code className="text-text">OPENAI_API_KEY</code> and name it under{' '}
          <code className="text-text">llmProviders</code> in <code className="text-text">config/</code>. The
          demo uses a key by itself.
        </p>
      </PopoverContent>
    </Popover>
  );
}
