import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import { gatherFacts } from '../gather-facts.ts';
import { changeToolOf, isChangeTool } from '../known-tools.ts';
import {
  type Answer,
  callFor,
  lookUp,
  numberCalls,
  openCalls,
  planLookups,
  type View,
  viewOf,
} from '../look-up.ts';
import type { Finding } from '../patterns/finding.ts';
import { show } from '../patterns/observe.ts';
import { MAX_EFFECT_CHECKS } from '../tunables.ts';
import { writeAnalysis } from '../write-analysis.ts';
import { callsInNotes } from '../write-compaction.ts';
import { checkEffect, effectSteps } from './check-effect.ts';
import { chooseRemedy } from './choose-remedy.ts';
import { earlierFindings, type MadeChange, readChange } from './read-change.ts';
import type { Remedy } from './remedy.ts';
import { writeManifest } from './write-manifest.ts';
import { describeChange, type Outcome, verdict, writeOutcome } from './write-outcome.ts';

/** The section of the system prompt that only agents that may act are given. */
const RULES_OF_ACTING = /^## Acting$/m;

/**
 * The next step of an agent that may change something: look for itself, propose at most one change, see what came of it,
 * and say so. Whether the change is made is not decided here: TARS asks a person.
 */
export function decideAction(state: View, offered: NonNullable<LanguageModelV4CallOptions['tools']>): Answer {
  const change = readChange(state.conversation);
  if (change) return followUp(state, change);
  const shortened = callsInNotes(state.conversation.laterUser).map((call) => call.split('?', 1)[0] ?? '');
  if (shortened.some(isChangeTool))
    return conclude(state, { kind: 'untold', because: 'The conversation was shortened since.' });
  const { calls, limits } = planLookups(state);
  if (calls.length > 0) return lookUp(state, calls);
  if (!RULES_OF_ACTING.test(state.conversation.system))
    return conclude(state, nothing('My instructions do not hold the rules for acting.', limits));
  const choice = chooseRemedy(state.diagnosis, state.facts, earlierFindings(state.conversation));
  switch (choice.kind) {
    case 'none':
      return conclude(state, nothing(choice.because, limits));
    case 'look': {
      const open = openCalls(state, choice.steps);
      if (open.length > 0) return lookUp(state, open);
      return conclude(state, nothing('What has to be known before a change could not be read.', limits));
    }
    case 'change':
      return propose(state, choice.remedy, offered);
  }
}

const nothing = (because: string, limits = ''): Outcome => ({ kind: 'nothing', because, limits });

function propose(
  state: View,
  remedy: Remedy,
  offered: NonNullable<LanguageModelV4CallOptions['tools']>,
): Answer {
  const toolName = changeToolOf(offered, state.box.server);
  if (!toolName)
    return conclude(state, {
      kind: 'unable',
      remedy,
      because: 'No tool that could make the change is offered.',
    });
  return {
    thinking: `The cause is certain and the earlier findings name it too. One change is known for it: the ${describeChange(remedy)}. A person decides on it.`,
    text: [
      `I propose one change: the ${describeChange(remedy)}.`,
      remedy.why,
      `To take it back: \`${remedy.undo}\``,
    ].join('\n\n'),
    calls: numberCalls(state.conversation, [{ toolName, args: { resource: writeManifest(remedy) } }]),
  };
}

/** After the call: say that it was refused, or look at its effect until that shows or enough was waited. */
function followUp(state: View, change: MadeChange): Answer {
  const before = viewOf({ ...state.conversation, exchanges: change.before }, []);
  const choice = chooseRemedy(before.diagnosis, before.facts, earlierFindings(state.conversation));
  const wasMade = change.outcome === 'made' || change.outcome === 'unknown';
  if (choice.kind !== 'change') {
    const because = 'What the change rested on cannot be read here any more.';
    return conclude(state, wasMade ? { kind: 'untold', because } : nothing(because));
  }
  const { remedy } = choice;
  if (!wasMade) return conclude(before, { kind: 'refused', change, remedy });
  const calls = effectSteps(remedy).flatMap((step) => callFor(state.box, step) ?? []);
  const checks = calls.length === 0 ? MAX_EFFECT_CHECKS : Math.floor(change.after.length / calls.length);
  // Only what was read last: what was there before may be gone.
  const effect = checkEffect(remedy, gatherFacts(change.after.slice(-calls.length)));
  if (effect.state === 'holds' || checks >= MAX_EFFECT_CHECKS)
    return conclude(before, { kind: 'changed', change, remedy, effect });
  return {
    thinking:
      checks === 0
        ? `The change was made. I give the cluster a moment and look at ${calls.map(({ step }) => step.why).join('; ')}.`
        : `Not yet: ${effect.says}. I wait and look again.`,
    text: '',
    calls: numberCalls(state.conversation, calls),
    settles: true,
  };
}

function conclude(state: View, outcome: Outcome): Answer {
  const { diagnosis, focus, facts, conversation, areas } = state;
  const primary: Finding | null = diagnosis.primary;
  const thinking =
    outcome.kind === 'changed'
      ? `I have looked at ${show(outcome.remedy.target)} after the change, and say what came of it.`
      : outcome.kind === 'untold'
        ? 'I cannot tell what came of the change. I say so.'
        : 'No change was made. I say why, and what people can do.';
  if (primary) return { thinking, calls: [], text: writeOutcome(primary, outcome) };
  const because = outcome.kind === 'nothing' || outcome.kind === 'untold' ? outcome.because : '';
  const analysis = writeAnalysis({
    diagnosis,
    focus,
    facts,
    exchanges: conversation.exchanges,
    limits: because,
    areas,
  });
  return { thinking, calls: [], text: `${analysis}\n\n${verdict(outcome)}` };
}
