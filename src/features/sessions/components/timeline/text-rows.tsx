'use client';
import { Brain, FileCheck2, FileText, MessageSquareText, NotebookPen, User } from 'lucide-react';
import { Names } from '#src/components/names/names.tsx';
import { StatusIcon } from '#src/components/run-status.tsx';
import { Duration } from '#src/components/time.tsx';
import { Spinner } from '#src/components/ui/spinner.tsx';
import { withoutMarkup, withoutReferences } from '#src/lib/plain-answer.ts';
import type { TimelineItem } from '../../schema.ts';
import { AnswerMarkdown } from '../answer/answer-markdown.tsx';
import { ItemFrame } from './item-frame.tsx';
import type { RowActions } from './row-actions.ts';

type RowProps = { item: TimelineItem; actions: RowActions };

const isOpen = (item: TimelineItem): boolean => item.status === 'streaming';

/** How long it took or has taken; what was written down at once took no time worth a figure. */
const Took = ({ item }: { item: TimelineItem }) =>
  item.completedAt === item.startedAt ? null : <Duration from={item.startedAt} to={item.completedAt} />;

/** Problem states show their own sign; an answer that simply ended keeps its icon. */
const iconOf = (item: TimelineItem, icon: React.ReactNode) =>
  isOpen(item) ? (
    <Spinner className="text-accent" />
  ) : item.status === 'completed' ? (
    icon
  ) : (
    <StatusIcon status={item.status} />
  );

/** Thought of a model: open while it comes, folded to its first line when done. */
export function ThinkingRow({ item, actions }: RowProps) {
  const open = isOpen(item) || actions.expanded;
  return (
    <ItemFrame
      itemId={item.id}
      icon={iconOf(item, <Brain aria-hidden="true" className="size-3.5 text-dim" />)}
      title={
        <>
          <span className="shrink-0 text-dim">{isOpen(item) ? 'Thinking' : 'Thought'}</span>
          {open ? null : (
            <span className="min-w-0 truncate text-dim text-xs">
              <Names>{item.content.slice(0, 300)}</Names>
            </span>
          )}
        </>
      }
      aside={<Took item={item} />}
      selected={actions.selected}
      onSelect={actions.select}
      expanded={open}
      onToggle={isOpen(item) ? undefined : actions.toggle}
    >
      {open ? (
        <p className="whitespace-pre-wrap text-dim [overflow-wrap:anywhere]">
          <Names>{item.content}</Names>
        </p>
      ) : null}
    </ItemFrame>
  );
}

/** Text of a try that broke off; the model wrote it again. */
const isVoid = (item: TimelineItem): boolean => item.data.void === true;

/** The last text of a chat turn. */
const isAnswer = (item: TimelineItem): boolean => item.data.answer === true;

export function ResponseRow({ item, actions }: RowProps) {
  const open = !isVoid(item) || actions.expanded;
  return (
    <ItemFrame
      itemId={item.id}
      icon={iconOf(item, <MessageSquareText aria-hidden="true" className="size-3.5 text-dim" />)}
      title={
        <span className="text-dim">
          {isOpen(item)
            ? 'Writing'
            : isVoid(item)
              ? 'Broke off, written again below'
              : isAnswer(item)
                ? 'Answer'
                : 'Response'}
        </span>
      }
      aside={<Took item={item} />}
      selected={actions.selected}
      onSelect={actions.select}
      expanded={open}
      onToggle={isVoid(item) ? actions.toggle : undefined}
    >
      {open ? <AnswerMarkdown text={item.content} streaming={isOpen(item)} /> : null}
    </ItemFrame>
  );
}

/** Final analysis and summary: read here while they come; once done they stand on top and this folds to a pointer. */
export function AnalysisRow({ item, actions }: RowProps) {
  const open = isOpen(item) || actions.expanded;
  const Icon = item.type === 'final_analysis' ? FileCheck2 : NotebookPen;
  return (
    <ItemFrame
      itemId={item.id}
      icon={iconOf(item, <Icon aria-hidden="true" className="size-3.5 text-accent" />)}
      title={
        <span className="min-w-0 truncate font-medium">
          {item.type === 'final_analysis' ? 'Final analysis' : 'Executive summary'}
          {open ? null : (
            <span className="ml-2 font-normal text-dim text-xs">
              <Names>{previewOf(item.content)}</Names>
            </span>
          )}
        </span>
      }
      aside={<Took item={item} />}
      selected={actions.selected}
      onSelect={actions.select}
      expanded={open}
      onToggle={isOpen(item) ? undefined : actions.toggle}
    >
      {open ? <AnswerMarkdown text={item.content} streaming={isOpen(item)} /> : null}
    </ItemFrame>
  );
}

const PREVIEW_CHARS = 200;

/** The beginning of an answer in a line of plain text: without headings and emphasis, and without references. */
const previewOf = (text: string): string =>
  withoutMarkup(withoutReferences(text.replaceAll(/^#+ .*$/gm, '')))
    .trim()
    .slice(0, PREVIEW_CHARS);

/** What a person, or TARS itself, said to the agent. */
export function MessageRow({ item, actions }: RowProps) {
  const isPerson = item.type === 'user_message';
  const author = typeof item.data.author === 'string' ? item.data.author : null;
  const Icon = isPerson ? User : FileText;
  return (
    <ItemFrame
      itemId={item.id}
      icon={<Icon aria-hidden="true" className="size-3.5 text-dim" />}
      title={<span className="text-dim">{isPerson ? (author ?? 'Message') : 'Task'}</span>}
      selected={actions.selected}
      onSelect={actions.select}
    >
      <div className={isPerson ? 'rounded-md border bg-panel px-3 py-2' : undefined}>
        <AnswerMarkdown text={item.content} />
      </div>
    </ItemFrame>
  );
}
