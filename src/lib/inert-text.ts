import { showControls } from './show-controls.ts';

/** Three and more of what is, or looks like, an angle bracket: our section markers begin and end so. */
const OPENING_RUN = /[<＜‹«〈《≪⟨⟪❮❰˂ᐸ]{3,}/gu;
const CLOSING_RUN = /[>＞›»〉》≫⟩⟫❯❱˃ᐳ]{3,}/gu;

/** Marks by which models' own formats separate turns; a server that reads them in a text would let the text speak. */
const CONTROL_TOKEN = /<([|｜][^|｜<>\n]{1,60}[|｜])>/gu;
const TURN_TAG = /<(\/?(?:s|bos|eos|start_of_turn|end_of_turn|think(?:ing)?))>/giu;
const INSTRUCTION_MARK = /\[(\/?INST)\]|<<(\/?SYS)>>/giu;
/** Only as it is written there: in small letters such words stand in any usage text. */
const BLOCK_MARK =
  /\[(\/?(?:SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_(?:CALLS|RESULTS|CONTENT)|MODEL_SETTINGS|THINK))\]/gu;
const ROLE_TAG =
  /<(\/?\s*(?:antml:[a-z_]+|(?:system|assistant|developer|instructions?|invoke|(?:tool|function)_(?:call|use|result|response)s?)\b)[^<>\n]{0,200})>/giu;

/** Our own form of a reference to a tool's result. */
const REFERENCE = /\[(\s*tools?\s*:[^[\]\n]{0,400})\]/giu;
/** One that is not closed, or too long: what follows the text could close it. */
const OPEN_REFERENCE = /\[(?=\s*tools?\s*:)/giu;

/**
 * Foreign text for a prompt: it reads the same but carries none of the signs by which a prompt is structured: section
 * markers and their look-alikes, role tags, control tokens, and characters that are obeyed unseen. With `references:
 * 'inert'` (text that no agent of ours wrote) nor the form of a reference to a tool's result, since such a text could claim
 * a result that says something else. Doing it twice changes nothing more.
 */
export function inertText(text: string, options: { references: 'kept' | 'inert' }): string {
  let inert = showControls(text);
  for (let pass = 0; pass < MAX_PASSES; pass += 1) {
    const next = breakSigns(inert, options.references);
    if (next === inert) break;
    inert = next;
  }
  return inert;
}

/** A sign inside another hides it until the inner one is broken; each pass opens one layer. */
const MAX_PASSES = 10;

function breakSigns(text: string, references: 'kept' | 'inert'): string {
  const unmarked = text
    .replace(OPENING_RUN, (run) => '‹'.repeat(run.length))
    .replace(CLOSING_RUN, (run) => '›'.repeat(run.length))
    .replace(CONTROL_TOKEN, '‹$1›')
    .replace(TURN_TAG, '‹$1›')
    .replace(INSTRUCTION_MARK, (_mark, inst: string | undefined, sys: string | undefined) =>
      inst === undefined ? `‹‹${sys ?? ''}››` : `(${inst})`,
    )
    .replace(BLOCK_MARK, '($1)')
    .replace(ROLE_TAG, '‹$1›');
  if (references === 'kept') return unmarked;
  return unmarked.replace(REFERENCE, '($1)').replace(OPEN_REFERENCE, '(');
}
