import type { Facts } from '../facts.ts';
import type { Focus } from '../focus.ts';
import type { Lookup } from '../known-tools.ts';
import type { Subject } from '../read-alert.ts';

/** A look-up and the reason for it, in words for the reader. */
export interface Step {
  lookup: Lookup;
  why: string;
}

export interface PlanInput {
  subject: Subject;
  focus: Focus;
  facts: Facts;
}
