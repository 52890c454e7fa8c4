import { cn } from '#src/components/ui/cn.ts';

/** The letter of an agent in a small frame: told apart by what it says, not by a colour. */
export function AgentLetter({ letter, className }: { letter: string; className?: string }) {
  return (
    <span
      className={cn(
        'inline-flex h-4.5 min-w-4.5 shrink-0 items-center justify-center rounded border border-line-strong/70 px-0.5 font-medium font-mono text-2xs text-text leading-none',
        className,
      )}
    >
      {letter}
    </span>
  );
}
