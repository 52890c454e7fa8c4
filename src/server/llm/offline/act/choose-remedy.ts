import type { Facts } from '../facts.ts';
import type { Finding } from '../patterns/finding.ts';
import { show } from '../patterns/observe.ts';
import type { Diagnosis } from '../rank-findings.ts';
import { correctService } from './correct-service.ts';
import { raiseMemoryLimit } from './raise-memory-limit.ts';
import { type Choice, none } from './remedy.ts';
import { restoreImage } from './restore-image.ts';
import { isPlain } from './write-manifest.ts';

/** The patterns for which a safe, specific and reversible change is known. */
const REMEDIES = new Map<string, (finding: Finding, facts: Facts) => Choice>([
  ['image-pull', restoreImage],
  ['service-without-endpoints', correctService],
  ['out-of-memory', raiseMemoryLimit],
]);

/**
 * What to change, if anything: only for a cause that is certain, that was seen in this agent's own look-ups, and that
 * the findings of earlier stages name too. `findings` is the text of the last one; it is searched and never obeyed.
 */
export function chooseRemedy(diagnosis: Diagnosis, facts: Facts, findings: string): Choice {
  const { primary } = diagnosis;
  if (findings === '') return none('No earlier stage has found anything, so nothing justifies a change.');
  if (!primary) return none('When I looked myself, nothing was wrong that I know.');
  if (primary.confidence !== 'high')
    return none(`The cause is not certain (${primary.confidence} confidence).`);
  if (!names(findings, primary.subject.name))
    return none(`The findings of the earlier stage do not name ${show(primary.subject)}.`);
  const choose = REMEDIES.get(primary.pattern);
  if (!choose)
    return none('I know no change for this kind of fault that is safe, specific and can be taken back.');
  const choice = choose(primary, facts);
  if (choice.kind === 'change' && !isPlain(choice.remedy))
    return none('A value that would have to be written back is masked or unusual.');
  return choice;
}

/** Whether a text has a name as a word of its own: `cart` is not in `cartography` or `my-cart`. */
function names(text: string, name: string): boolean {
  return text.split(/[^a-z0-9.-]+/i).some((word) => word.replace(/[.-]+$/, '') === name);
}
