import { Check, CircleX, Hourglass } from 'lucide-react';
import { Badge } from '#src/components/ui/badge.tsx';

/** What became of a message: icon, colour and word. */
export function NotificationBadge({ status }: { status: string }) {
  if (status === 'sent') {
    return (
      <Badge tone="ok">
        <Check aria-hidden="true" /> sent
      </Badge>
    );
  }
  if (status === 'failed') {
    return (
      <Badge tone="bad">
        <CircleX aria-hidden="true" /> not sent
      </Badge>
    );
  }
  return (
    <Badge tone="warn">
      <Hourglass aria-hidden="true" /> waiting
    </Badge>
  );
}
