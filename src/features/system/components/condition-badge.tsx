import { CircleCheck, CircleHelp, CircleX, Hourglass, KeyRound, TriangleAlert } from 'lucide-react';
import { Badge } from '#src/components/ui/badge.tsx';

/** How a part of the system is: icon, colour and word. Words that are not known are shown as they are. */
export function ConditionBadge({ condition }: { condition: string }) {
  switch (condition) {
    case 'ok':
    case 'healthy':
    case 'connected':
      return (
        <Badge tone="ok">
          <CircleCheck aria-hidden="true" /> ok
        </Badge>
      );
    case 'degraded':
      return (
        <Badge tone="warn">
          <TriangleAlert aria-hidden="true" /> degraded
        </Badge>
      );
    case 'needs_sign_in':
      return (
        <Badge tone="warn">
          <KeyRound aria-hidden="true" /> needs sign-in
        </Badge>
      );
    case 'per_user':
      return (
        <Badge>
          <KeyRound aria-hidden="true" /> per user
        </Badge>
      );
    case 'checking':
      return (
        <Badge>
          <Hourglass aria-hidden="true" /> checking
        </Badge>
      );
    case 'down':
    case 'unhealthy':
    case 'failed':
    case 'error':
    case 'unreachable':
      return (
        <Badge tone="bad">
          <CircleX aria-hidden="true" /> {condition}
        </Badge>
      );
    default:
      return (
        <Badge>
          <CircleHelp aria-hidden="true" /> {condition}
        </Badge>
      );
  }
}
