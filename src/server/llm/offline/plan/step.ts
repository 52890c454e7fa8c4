import type { Facts, PodFact } from '../facts.ts';
import type { Focus } from '../focus.ts';
import type { Lookup } from '../known-tools.ts';
import type { Subject } from '../read-alert.ts';
import type { Area } from '../read-areas.ts';

/** A look-up and the reason for it, in words for the reader. */
export interface Step {
  lookup: Lookup;
  why: string;
}

export interface PlanInput {
  subject: Subject;
  focus: Focus;
  facts: Facts;
  /** Set for a check: whose trouble counts, in the place of an alert's objects. */
  isSuspect?: (pod: PodFact) => boolean;
  /** Areas to stay in; empty for all. */
  areas: readonly Area[];
}
