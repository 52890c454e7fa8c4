'use client';
import { Ban, CircleCheck, CircleX, Hourglass, type LucideIcon, TriangleAlert } from 'lucide-react';
import { TimeAgo } from '#src/components/time.tsx';
import { Badge, type Tone } from '#src/components/ui/badge.tsx';
import { Button } from '#src/components/ui/button.tsx';
import { Spinner } from '#src/components/ui/spinner.tsx';
import type { DestinationState } from '../schema.ts';
import { type Condition, conditionOf } from './destination-condition.ts';
import { useTestDestination } from './use-test-destination.ts';

const PLATFORMS: Readonly<Record<string, string>> = {
  slack: 'Slack',
  mattermost: 'Mattermost',
  teams: 'Teams',
  webhook: 'webhook',
};

const LOOKS: Record<Condition, { icon: LucideIcon; tone: Tone; word: string }> = {
  works: { icon: CircleCheck, tone: 'ok', word: 'works' },
  fails: { icon: CircleX, tone: 'bad', word: 'fails' },
  unused: { icon: Hourglass, tone: 'neutral', word: 'not used yet' },
  incomplete: { icon: TriangleAlert, tone: 'warn', word: 'incomplete' },
  off: { icon: Ban, tone: 'neutral', word: 'switched off' },
};

type DestinationEntryProps = { project: string; destination: DestinationState; mayTest: boolean };

/** One destination: where it leads, how it is doing, and a way to try it. */
export function DestinationEntry({ project, destination, mayTest }: DestinationEntryProps) {
  const { name, type, target, state, lastSentAt, lastError, lastErrorAt } = destination;
  const { send, isSending } = useTestDestination(project);
  const condition = conditionOf(destination);
  const { icon: Icon, tone, word } = LOOKS[condition];
  return (
    <li className="border-b px-4 py-2 last:border-b-0">
      <div className="flex min-h-7 items-center gap-2.5">
        <p className="min-w-0 flex-1 truncate" title={target}>
          <span className="font-medium font-mono text-xs">{name}</span>{' '}
          <span className="text-dim text-xs">
            {PLATFORMS[type] ?? type}
            {target === '' ? '' : `, ${target}`}
          </span>
        </p>
        {lastSentAt ? (
          <span className="hidden text-dim text-xs sm:inline">
            delivered <TimeAgo at={lastSentAt} />
          </span>
        ) : null}
        <Badge tone={tone}>
          <Icon aria-hidden="true" /> {word}
        </Badge>
        {mayTest && state === 'on' ? (
          <Button
            size="sm"
            disabled={isSending}
            aria-label={`Send a test message to ${name}`}
            onClick={() => send(name)}
          >
            {isSending ? <Spinner /> : null} Test
          </Button>
        ) : null}
      </div>
      {lastSentAt ? (
        <p className="text-dim text-xs sm:hidden">
          delivered <TimeAgo at={lastSentAt} />
        </p>
      ) : null}
      {condition === 'incomplete' ? (
        <p className="text-warn text-xs">
          Nothing is sent until its <code>{state === 'no_token' ? 'token' : 'url'}</code> is set.
        </p>
      ) : null}
      {lastError && lastErrorAt ? (
        <p className={condition === 'fails' ? 'text-bad text-xs' : 'text-dim text-xs'}>
          {condition === 'fails' ? '' : 'last error: '}
          <span className="[overflow-wrap:anywhere]">{lastError}</span>, <TimeAgo at={lastErrorAt} />
        </p>
      ) : null}
    </li>
  );
}
