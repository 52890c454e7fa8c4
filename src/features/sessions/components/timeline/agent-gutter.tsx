import { cn } from '#src/components/ui/cn.ts';
import { AgentLetter } from './agent-chip.tsx';

type AgentGutterProps = { letter: string; name: string; speaks: boolean };

/**
 * Left of an entry where several agents write: whose it is. The name stands where the speaker changes and there is room
 * for it; a column of its own keeps the entries aligned.
 */
export function AgentGutter({ letter, name, speaks }: AgentGutterProps) {
  return (
    <div
      title={name}
      className="flex w-8 shrink-0 items-start gap-1.5 pt-1.5 pl-2 @3xl:w-28 [@media(pointer:coarse)]:pt-2"
    >
      <AgentLetter letter={letter} className={cn(!speaks && 'border-line text-dim')} />
      <span className={cn('hidden min-w-0 truncate text-xs @3xl:block', !speaks && '@3xl:sr-only')}>
        {name}
      </span>
      <span className="sr-only @3xl:hidden">{name}</span>
    </div>
  );
}
