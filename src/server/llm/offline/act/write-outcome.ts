import type { Finding } from '../patterns/finding.ts';
import { distinctEvidence } from '../patterns/finding.ts';
import { show } from '../patterns/observe.ts';
import { bullets, evidenceLine, numbered, remediationLine, SIGNATURE, section } from '../write-parts.ts';
import type { Effect } from './check-effect.ts';
import type { MadeChange } from './read-change.ts';
import type { Remedy } from './remedy.ts';

/** How the work of an action agent ended. */
export type Outcome =
  | { kind: 'nothing'; because: string; limits: string }
  /** A call was made, and what it rested on is not in the conversation any more. */
  | { kind: 'untold'; because: string }
  /** There is a remedy, but no way to make it. */
  | { kind: 'unable'; because: string; remedy: Remedy }
  | { kind: 'refused'; change: MadeChange; remedy: Remedy }
  | { kind: 'changed'; change: MadeChange; remedy: Remedy; effect: Effect };

/** The answer of an action agent in the common format, with the verdict that TARS asks for as its last line. */
export function writeOutcome(primary: Finding, outcome: Outcome): string {
  return [
    headline(outcome),
    section('Root cause', `${primary.cause}\n\n${primary.explanation.trim()}`),
    section('What was done', whatWasDone(outcome)),
    section('Evidence', bullets(evidenceOf(primary, outcome).map(evidenceLine))),
    section('What to do now', numbered(nextSteps(primary, outcome))),
    section('Prevention', bullets(primary.prevention)),
    section('Confidence', confidence(primary, outcome)),
    SIGNATURE,
    verdict(outcome),
  ].join('\n\n');
}

/** The last line that TARS asks for: whether something was changed. */
export function verdict(outcome: Outcome): 'YES' | 'NO' {
  if (outcome.kind === 'changed') return outcome.effect.state === 'absent' ? 'NO' : 'YES';
  return outcome.kind === 'untold' ? 'YES' : 'NO';
}

/** A change in one sentence without its end. */
export const describeChange = ({ target, change }: Remedy): string =>
  `${change.what} of ${show(target)} from \`${change.from}\` to \`${change.to}\``;

function headline(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'nothing':
      return `Nothing was changed: ${outcome.because}`;
    case 'untold':
      return `A change was made, and its effect is unknown: ${outcome.because}`;
    case 'unable':
      return `Nothing was changed: ${outcome.because} What would help: changing the ${describeChange(outcome.remedy)}.`;
    case 'refused':
      return outcome.change.outcome === 'denied'
        ? `Nothing was changed: changing the ${describeChange(outcome.remedy)} was not approved.`
        : `Nothing was changed: changing the ${describeChange(outcome.remedy)} was approved, but the call failed.`;
    case 'changed': {
      const { effect, remedy } = outcome;
      const { target, change } = remedy;
      const what = `the ${change.what} of ${show(target)} is now \`${change.to}\` instead of \`${change.from}\``;
      switch (effect.state) {
        case 'holds':
          return `${remedy.cures ? 'Repaired' : 'Time gained, not repaired'}: ${what}, and ${effect.says}.`;
        case 'pending':
          return `Changed, but not better yet: ${what}; ${effect.says}.`;
        case 'absent':
          return `Nothing is changed now: ${effect.says}, though the call was approved.`;
        case 'unseen':
          return `Changed, with unknown effect: ${effect.says}.`;
      }
    }
  }
}

function whatWasDone(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'nothing':
      return `Nothing. ${outcome.because}${outcome.limits === '' ? '' : ` ${outcome.limits}`}`;
    case 'untold':
      return `One change, whose effect is unknown. ${outcome.because}`;
    case 'unable':
      return `Nothing. ${outcome.because}`;
    case 'refused':
      return `One change was proposed: the ${describeChange(outcome.remedy)}. It did not take place: "${outcome.change.answer.slice(0, MAX_ANSWER_CHARS)}" Nothing else was tried.`;
    case 'changed':
      return `One change, ${outcome.change.outcome === 'unknown' ? 'whose call was cut off' : 'made after a person approved it'}: the ${describeChange(outcome.remedy)} [tool: ${outcome.change.ref}]. ${outcome.remedy.why} Afterwards it was read again: ${outcome.effect.says}.`;
  }
}

/** Characters of an error or denial that are repeated. */
const MAX_ANSWER_CHARS = 400;

function evidenceOf(primary: Finding, outcome: Outcome): Finding['evidence'] {
  const effect = outcome.kind === 'changed' ? outcome.effect.evidence : [];
  return distinctEvidence([...effect, ...primary.evidence]);
}

function nextSteps(primary: Finding, outcome: Outcome): string[] {
  switch (outcome.kind) {
    case 'nothing':
    case 'untold':
      return primary.remediation.map(remediationLine);
    case 'unable':
    case 'refused':
      return [
        remediationLine({
          text: 'Make the change by hand if you agree with it:',
          command: outcome.remedy.command,
        }),
        remediationLine({ text: 'The way back:', command: outcome.remedy.undo }),
      ];
    case 'changed': {
      const { remedy, effect } = outcome;
      if (effect.state === 'holds')
        return [
          'Make the same change where the manifests come from, or the next deployment brings the fault back.',
          ...remedy.remains,
          remediationLine({ text: 'To take the change back:', command: remedy.undo }),
        ];
      return [
        'Look whether it gets better in the next minutes; nothing else was changed.',
        remediationLine({ text: 'If not, take the change back:', command: remedy.undo }),
      ];
    }
  }
}

function confidence(primary: Finding, outcome: Outcome): string {
  if (outcome.kind !== 'changed') return `**${primary.confidence}**: ${primary.because}.`;
  switch (outcome.effect.state) {
    case 'holds':
      return `**high**: ${primary.because}, and the effect was read after the change.`;
    case 'pending':
    case 'absent':
    case 'unseen':
      return `**low**: the cause is certain (${primary.because}), but that the change helps was not seen.`;
  }
}
