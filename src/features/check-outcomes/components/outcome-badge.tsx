import { Badge } from '#src/components/ui/badge.tsx';
import type { CheckOutcome } from '#src/lib/check-outcome.ts';
import { formatQuantity } from '#src/lib/format-number.ts';
import { outcomeLooks } from './outcome-looks.ts';

/** What a check came to; findings with their number. */
export function OutcomeBadge({ outcome, findings }: { outcome: CheckOutcome; findings: number }) {
  const { icon: Icon, word, tone } = outcomeLooks[outcome];
  return (
    <Badge tone={tone}>
      <Icon aria-hidden="true" />
      {outcome === 'findings' ? formatQuantity(findings, 'finding') : word}
    </Badge>
  );
}
