import { CircleCheck, CircleHelp, type LucideIcon, TriangleAlert } from 'lucide-react';
import type { Tone } from '#src/components/ui/badge.tsx';
import type { CheckOutcome } from '#src/lib/check-outcome.ts';

export type Look = { word: string; icon: LucideIcon; tone: Tone; text: string };

/** Icon, colour and word, never colour alone. */
export const outcomeLooks: Record<CheckOutcome, Look> = {
  healthy: { word: 'Healthy', icon: CircleCheck, tone: 'ok', text: 'text-ok' },
  findings: { word: 'Findings', icon: TriangleAlert, tone: 'bad', text: 'text-bad' },
  unknown: { word: 'Unknown', icon: CircleHelp, tone: 'warn', text: 'text-warn' },
};
