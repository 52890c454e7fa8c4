import type { ServicePort, TemplateContainer } from '../facts.ts';
import type { ObjectRef } from '../patterns/finding.ts';
import type { Step } from '../plan/step.ts';

/** The state that a change leads to: the fields that it sends, all of them, with one of them new. */
type Goal =
  | { kind: 'Deployment'; containers: TemplateContainer[] }
  | { kind: 'Service'; selector: Record<string, string>; ports: ServicePort[] };

/** One small change that can be taken back, and what a person needs to know to decide on it. */
export interface Remedy {
  target: ObjectRef;
  goal: Goal;
  /** The only thing that is not as it was. */
  change: { what: string; from: string; to: string };
  /** Why this helps, and what it rests on; ends with a full stop. */
  why: string;
  /** The same change, and the way back, for people's hands. */
  command: string;
  undo: string;
  /** False when it gains time and the fault stays. */
  cures: boolean;
  /** What is still to be done afterwards. */
  remains: string[];
}

/** What is known about remedies: one, look-ups that are missing to tell, or why there is none. */
export type Choice =
  | { kind: 'change'; remedy: Remedy }
  | { kind: 'look'; steps: Step[] }
  | { kind: 'none'; because: string };

export const none = (because: string): Choice => ({ kind: 'none', because });
