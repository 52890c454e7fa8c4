import { CircleCheck, CircleUser, Eye, type LucideIcon, RotateCcw, Undo2 } from 'lucide-react';
import type { ReviewAction } from '../schema.ts';

export const actionLooks: Record<ReviewAction, { word: string; icon: LucideIcon; keys: string }> = {
  claim: { word: 'Claim', icon: CircleUser, keys: 'c' },
  unclaim: { word: 'Give back', icon: Undo2, keys: 'u' },
  complete: { word: 'Complete', icon: CircleCheck, keys: 'e' },
  reopen: { word: 'Reopen', icon: RotateCcw, keys: 'r' },
  acknowledge: { word: 'Acknowledge', icon: Eye, keys: 'a' },
};
