'use client';
import { Ban, TriangleAlert } from 'lucide-react';
import { CopyButton } from '#src/components/copy-button.tsx';
import { Names } from '#src/components/names/names.tsx';
import { StatusBadge } from '#src/components/run-status.tsx';
import { Duration, TimeAgo } from '#src/components/time.tsx';
import { Badge } from '#src/components/ui/badge.tsx';
import { Button } from '#src/components/ui/button.tsx';
import { DecisionLine } from '#src/features/approvals/components/index.ts';
import { formatDuration } from '#src/lib/format-duration.ts';
import { formatBytes, formatQuantity } from '#src/lib/format-number.ts';
import type { TimelineItem, ToolCallData } from '../../schema.ts';
import { ToolImages } from '../images/tool-images.tsx';
import { readDispatched } from '../read-dispatched.ts';
import { toolName } from '../read-tool-call.ts';
import { useSessionContext } from '../session-context.ts';
import { executionKey } from '../timeline/build-rows.ts';
import { refusalOf, toolCallStatus } from '../timeline/tool-call-row.tsx';
import { ArgumentsView } from './arguments-view.tsx';
import { FullOutput } from './full-output.tsx';
import { Labelled, Pairs } from './labelled.tsx';
import { ResultView } from './result-view.tsx';
import { SpokenOutput } from './spoken-output.tsx';

type ToolCallInspectorProps = { item: TimelineItem; call: ToolCallData; decision: TimelineItem | null };

/** Everything about one tool call: how it stands, what people decided, what was asked, what came back. */
export function ToolCallInspector({ item, call, decision }: ToolCallInspectorProps) {
  const refusal = refusalOf(call, decision);
  return (
    <>
      <div className="flex flex-wrap items-center gap-1.5">
        <StatusBadge status={toolCallStatus(item, call)} />
        <Badge tone="outline">{call.readOnly ? 'reads only' : 'changes something'}</Badge>
        <DispatchedLink call={call} />
      </div>
      {decision ? <DecisionLine item={decision} withWhy /> : null}
      {refusal ? (
        <p className="flex gap-2 rounded-md bg-warn-soft p-2 text-warn">
          <Ban aria-hidden="true" className="mt-0.5 size-3.5 shrink-0" /> <Names>{refusal}</Names>
        </p>
      ) : null}
      {call.error ? (
        <p className="flex gap-2 rounded-md bg-bad-soft p-2 text-bad [overflow-wrap:anywhere]">
          <TriangleAlert aria-hidden="true" className="mt-0.5 size-3.5 shrink-0" />{' '}
          <Names>{call.error}</Names>
        </p>
      ) : null}
      <Pairs
        pairs={[
          ['Started', <TimeAgo key="at" at={item.startedAt} />],
          [
            'Took',
            call.durationMs !== undefined ? (
              formatDuration(call.durationMs)
            ) : (
              <Duration key="took" from={item.startedAt} to={item.completedAt} />
            ),
          ],
          ...(call.cluster ? [['Cluster', call.cluster] as const] : []),
          ...(call.actsFor ? [['With the rights of', call.actsFor] as const] : []),
          ['Iteration', call.iteration],
          ['Call', <code key="call">{call.callId}</code>],
        ]}
      />
      <Labelled
        label="Arguments"
        actions={
          <CopyButton
            label="Copy the arguments as JSON"
            text={() => JSON.stringify(call.arguments, null, 2)}
          />
        }
      >
        <ArgumentsView args={call.arguments} />
      </Labelled>
      <SpokenOutput item={item} call={call} />
      <Images call={call} />
      {call.result !== undefined ? (
        <Labelled
          label={call.outputBytes === undefined ? 'Result' : `Result · ${formatBytes(call.outputBytes)}`}
        >
          {call.outputUrl ? (
            <FullOutput view={call.result} outputUrl={call.outputUrl} bytes={call.outputBytes} />
          ) : (
            <ResultView text={call.result} />
          )}
        </Labelled>
      ) : null}
    </>
  );
}

function Images({ call }: { call: ToolCallData }) {
  const { project } = useSessionContext();
  if (!call.images?.length) return null;
  return (
    <Labelled label={formatQuantity(call.images.length, 'image')}>
      <ToolImages project={project} tool={toolName(call)} images={call.images} size="large" />
    </Labelled>
  );
}

/** From the call that dispatched a sub-agent to what that did. */
function DispatchedLink({ call }: { call: ToolCallData }) {
  const { select } = useSessionContext();
  const executionId = readDispatched(call);
  if (executionId === null) return null;
  return (
    <Button size="sm" variant="ghost" onClick={() => select(executionKey(executionId))}>
      Show the sub-agent
    </Button>
  );
}
