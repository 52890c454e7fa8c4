'use client';
import { Trash2 } from 'lucide-react';
import Link from 'next/link';
import { type ReactNode, useState } from 'react';
import { CopyButton } from '#src/components/copy-button.tsx';
import { Names } from '#src/components/names/names.tsx';
import { TimeAgo } from '#src/components/time.tsx';
import { Button } from '#src/components/ui/button.tsx';
import { formatDuration } from '#src/lib/format-duration.ts';
import { formatCost, formatCount, formatQuantity } from '#src/lib/format-number.ts';
import type { TraceItem } from '../../schema.ts';
import { ApiLink } from '../api-link.tsx';
import { ToolImages } from '../images/tool-images.tsx';
import { ArgumentsView } from '../inspector/arguments-view.tsx';
import { Labelled, Pairs } from '../inspector/labelled.tsx';
import { ResultView } from '../inspector/result-view.tsx';
import { toolName } from '../read-tool-call.ts';
import { MessageView } from './message-view.tsx';
import { readMessage, readResponse } from './read-message.ts';
import { OfferedTools } from './tool-definitions.tsx';

type LlmItem = Extract<TraceItem, { kind: 'llm' }>;
type Where = { project: string; sessionId: string };
type ToolItem = Extract<TraceItem, { kind: 'tool' }>;

/** One call with all that was sent and came back; readable first, raw one click away. */
export function TraceDetail({
  project,
  sessionId,
  item,
}: {
  project: string;
  sessionId: string;
  item: TraceItem;
}) {
  const [raw, setRaw] = useState(false);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] content-start gap-4">
      <div className="flex items-center gap-1.5">
        <Button size="sm" aria-pressed={raw} onClick={() => setRaw(!raw)}>
          {raw ? 'Readable' : 'Raw JSON'}
        </Button>
        <CopyButton label="Copy as JSON" text={() => JSON.stringify(item, null, 2)} />
        {item.kind === 'tool' ? (
          <Button asChild size="sm" variant="ghost">
            <Link href={`/p/${project}/sessions/${sessionId}?item=${item.itemId}`}>Show in the timeline</Link>
          </Button>
        ) : null}
      </div>
      {item.error ? (
        <p className="rounded-md bg-bad-soft p-2.5 text-bad [overflow-wrap:anywhere]">
          <Names>{item.error}</Names>
        </p>
      ) : null}
      {item.removed ? (
        <p className="flex gap-2 rounded-md bg-raised p-2.5 text-dim">
          <Trash2 aria-hidden="true" className="mt-0.5 size-3.5 shrink-0" /> What was sent and what came back
          is not here any more. {item.removed}
        </p>
      ) : null}
      <Body item={item} raw={raw} project={project} sessionId={sessionId} />
    </div>
  );
}

function Body({ item, raw, ...where }: Where & { item: TraceItem; raw: boolean }) {
  if (raw) return <ResultView text={JSON.stringify(item, null, 2)} />;
  return item.kind === 'llm' ? (
    <LlmDetail item={item} {...where} />
  ) : (
    <ToolDetail project={where.project} item={item} />
  );
}

function LlmDetail({ item, ...where }: Where & { item: LlmItem }) {
  const answer = readResponse(item.response);
  const { messages, tools, toolSet, images } = item.request;
  const sent = [formatQuantity(messages.length, 'message')];
  if (images > 0) sent.push(formatQuantity(images, 'image'));
  return (
    <>
      <Pairs
        pairs={[
          ['Purpose', item.purpose.replaceAll('_', ' ')],
          ['Iteration', item.iteration],
          ['Model', `${item.provider} · ${item.model}`],
          ['Started', <TimeAgo key="at" at={item.startedAt} />],
          ['Took', formatDuration(item.durationMs)],
          ['Tokens', describeTokens(item.usage)],
          ...describeCost(item.usage),
          ...(answer?.finishReason ? [['Ended with', answer.finishReason] as const] : []),
        ]}
      />
      {answer ? (
        <Labelled label="Answer">
          <MessageView message={answer.message} />
        </Labelled>
      ) : null}
      {item.removed ? null : (
        <Labelled label={`Sent · ${sent.join(', ')}`}>
          <Messages messages={messages} />
        </Labelled>
      )}
      {tools.length > 0 ? <OfferedTools {...where} tools={tools} toolSet={toolSet} /> : null}
    </>
  );
}

/** A pair, or none where costs are not shown. */
function describeCost({ costUsd }: LlmItem['usage']): [string, string][] {
  if (costUsd === undefined) return [];
  return [['Cost', costUsd === null ? 'no known price' : formatCost(costUsd)]];
}

function describeTokens(usage: LlmItem['usage']): string {
  const cached = usage.cachedInputTokens > 0 ? ` (${formatCount(usage.cachedInputTokens)} cached)` : '';
  const thought = usage.reasoningTokens > 0 ? ` (${formatCount(usage.reasoningTokens)} thinking)` : '';
  return `${formatCount(usage.inputTokens)} in${cached}, ${formatCount(usage.outputTokens)} out${thought}`;
}

const MESSAGES_FIRST = 30;

/** The conversation; of a very long one the end first. */
function Messages({ messages }: { messages: readonly unknown[] }): ReactNode {
  const [all, setAll] = useState(false);
  const hidden = all ? 0 : Math.max(0, messages.length - MESSAGES_FIRST);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
      {hidden > 0 ? (
        <Button size="sm" className="w-fit" onClick={() => setAll(true)}>
          {hidden} earlier messages
        </Button>
      ) : null}
      {messages.slice(hidden).map((message, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a recorded conversation does not change.
        <MessageView key={index + hidden} message={readMessage(message)} />
      ))}
    </div>
  );
}

function ToolDetail({ project, item }: { project: string; item: ToolItem }) {
  return (
    <>
      <Pairs
        pairs={[
          ['Status', item.status],
          ['Server', item.server || 'built in'],
          ['Started', <TimeAgo key="at" at={item.startedAt} />],
          ['Took', formatDuration(item.durationMs)],
        ]}
      />
      {item.removed ? null : <Arguments args={item.request.arguments} />}
      {item.response ? (
        <Labelled
          label="Result, as the model saw it"
          actions={
            item.outputUrl ? (
              <ApiLink project={project} url={item.outputUrl} className="text-xs">
                Whole output
              </ApiLink>
            ) : null
          }
        >
          <ResultView text={item.response.text} />
        </Labelled>
      ) : null}
      {item.images.length > 0 ? (
        <Labelled label={formatQuantity(item.images.length, 'image')}>
          <ToolImages project={project} tool={toolName(item)} images={item.images} size="small" />
        </Labelled>
      ) : null}
    </>
  );
}

function Arguments({ args }: { args: ToolItem['request']['arguments'] }) {
  return (
    <Labelled
      label="Arguments"
      actions={<CopyButton label="Copy the arguments" text={() => JSON.stringify(args, null, 2)} />}
    >
      <ArgumentsView args={args} />
    </Labelled>
  );
}
