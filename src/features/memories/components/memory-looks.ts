import {
  CircleCheck,
  CircleMinus,
  History,
  Info,
  type LucideIcon,
  TriangleAlert,
  Wrench,
} from 'lucide-react';
import type { Tone } from '#src/components/ui/badge.tsx';
import { categoryWords, type MemoryCategory, type MemoryValence } from '../schema.ts';

type Look = { word: string; icon: LucideIcon; tone: Tone };

export const categoryLooks: Record<MemoryCategory, Look> = {
  semantic: { word: categoryWords.semantic, icon: Info, tone: 'neutral' },
  episodic: { word: categoryWords.episodic, icon: History, tone: 'neutral' },
  procedural: { word: categoryWords.procedural, icon: Wrench, tone: 'neutral' },
};

export const valenceLooks: Record<MemoryValence, Look> = {
  positive: { word: 'Worked', icon: CircleCheck, tone: 'ok' },
  neutral: { word: 'Neutral', icon: CircleMinus, tone: 'neutral' },
  negative: { word: 'Warning', icon: TriangleAlert, tone: 'warn' },
};
