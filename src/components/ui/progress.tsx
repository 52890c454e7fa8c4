import { Progress as RadixProgress } from 'radix-ui';

/** How far something is, where its total is known. `label` says of what. */
export function Progress({ value, total, label }: { value: number; total: number; label: string }) {
  const share = total > 0 ? Math.min(1, Math.max(0, value / total)) : 0;
  return (
    <RadixProgress.Root
      value={Math.round(share * 100)}
      aria-label={label}
      className="h-1.5 w-full overflow-hidden rounded-full bg-raised"
    >
      <RadixProgress.Indicator
        className="h-full rounded-full bg-accent transition-[width] duration-200 motion-reduce:transition-none"
        style={{ width: `${share * 100}%` }}
      />
    </RadixProgress.Root>
  );
}
