import { CircleAlert, Info, Siren, TriangleAlert } from 'lucide-react';
import { Badge } from '#src/components/ui/badge.tsx';

/** Severity as the alert gave it; known words get a colour and a sign. */
export function SeverityBadge({ severity }: { severity: string | null }) {
  if (!severity) return null;
  const word = severity.toLowerCase();
  if (/^(critical|page|emergency|fatal|p1|sev-?1)$/.test(word)) {
    return (
      <Badge tone="bad">
        <Siren aria-hidden="true" /> {severity}
      </Badge>
    );
  }
  if (/^(error|high|major|p2|sev-?2)$/.test(word)) {
    return (
      <Badge tone="bad">
        <CircleAlert aria-hidden="true" /> {severity}
      </Badge>
    );
  }
  if (/^(warning|warn|medium|minor|p3|sev-?3)$/.test(word)) {
    return (
      <Badge tone="warn">
        <TriangleAlert aria-hidden="true" /> {severity}
      </Badge>
    );
  }
  return (
    <Badge>
      <Info aria-hidden="true" /> {severity}
    </Badge>
  );
}
