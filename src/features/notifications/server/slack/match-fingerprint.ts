import { z } from 'zod';

/** What is read of a message that anybody may have posted: text wherever Slack lets it stand. */
export const slackMessageSchema = z.looseObject({
  ts: z.string(),
  thread_ts: z.string().optional(),
  text: z.string().optional(),
  attachments: z.unknown().optional(),
  blocks: z.unknown().optional(),
  metadata: z
    .looseObject({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) })
    .optional(),
});
export type SlackMessage = z.infer<typeof slackMessageSchema>;

/** Whether a message, text or attachment, names the fingerprint as a word of its own, whatever the case and spacing. */
export function mentionsFingerprint(message: SlackMessage, fingerprint: string): boolean {
  const wanted = normalise(fingerprint);
  if (wanted === '') return false;
  const said = normalise(
    [message.text ?? '', ...textsOf(message.attachments), ...textsOf(message.blocks)].join('\n'),
  );
  for (let at = said.indexOf(wanted); at >= 0; at = said.indexOf(wanted, at + 1)) {
    if (!isWordCharacter(said, at - 1) && !isWordCharacter(said, at + wanted.length)) return true;
  }
  return false;
}

/** Slack escapes three characters and wraps what it takes for links; people and tools differ in case and spaces. */
const normalise = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim();

const isWordCharacter = (text: string, at: number): boolean => /[\p{L}\p{N}_]/u.test(text.charAt(at));

/** Keys under which Slack's attachments and blocks carry text; others hold ids, colours and addresses. */
const TEXT_KEYS = new Set(['text', 'fallback', 'title', 'pretext', 'value', 'footer', 'title_link']);

function textsOf(value: unknown, key = '', depth = 0): string[] {
  if (typeof value === 'string') return TEXT_KEYS.has(key) ? [value] : [];
  if (value === null || typeof value !== 'object' || depth > MAX_DEPTH) return [];
  if (Array.isArray(value)) return value.flatMap((item: unknown) => textsOf(item, key, depth + 1));
  return Object.entries(value).flatMap(([name, inner]) => textsOf(inner, name, depth + 1));
}

/** Slack's own nesting ends at about five levels. */
const MAX_DEPTH = 10;
