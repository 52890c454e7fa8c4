import { z } from 'zod';
import { formatDuration } from '#src/lib/format-duration.ts';
import { formatCost, formatQuantity } from '#src/lib/format-number.ts';
import { mapStrings } from '#src/lib/identifier-placeholders.ts';
import type { SlackConfig } from '#src/server/config/schema-notifications.ts';
import type { Masker } from '#src/server/masking/index.ts';
import type { NotificationKind } from '../../schema.ts';
import { ARGUMENTS_MAX_CHARS, MESSAGE_MAX_CHARS, SUMMARY_LINES } from '../tunables.ts';
import { escapeCode, escapeMrkdwn } from './escape-mrkdwn.ts';
import { cutEscaped, fillTemplate, type PlaceholderValues } from './fill-template.ts';
import { markdownToMrkdwn } from './markdown-to-mrkdwn.ts';

/** What a message says, as it stands in the database: masked, but otherwise as outsiders wrote it. */
export type MessageFacts = {
  session: {
    id: string;
    title: string;
    alertType: string;
    severity: string | null;
    status: string;
    statusReason: string | null;
    executiveSummary: string | null;
    finalAnalysis: string | null;
    error: string | null;
    durationMs: number | null;
    costUsd: number;
    unpricedCalls: number;
    /** Firing deliveries of its alert. */
    alertCount: number;
  };
  approval: {
    kind: 'tool' | 'question';
    server: string;
    tool: string;
    arguments: unknown;
    why: string;
    expiresAt: Date;
  } | null;
};

const TEMPLATES: Record<NotificationKind, string> = {
  started: '🔎 *Investigating:* {{title}}\n{{details}} · <{{link}}|Follow it live>',
  ended: '{{icon}} *{{title}}:* {{status}}\n\n{{summary}}\n\n{{details}} · <{{link}}|Open the investigation>',
  approval:
    '✋ *{{request}}:* {{title}}\n{{tool}}\n{{arguments}}\n{{why}}\n{{expires}} · <{{link}}|Decide in TARS>',
};

const ICONS: Readonly<Record<string, string>> = {
  completed: '✅',
  failed: '❌',
  timed_out: '⏱️',
  cancelled: '🚫',
};

/** The text of a message in Slack's dialect, with links to `publicUrl`. */
export function composeMessage(
  kind: NotificationKind,
  options: {
    facts: MessageFacts;
    publicUrl: string;
    templates: SlackConfig['templates'];
    masker: Masker;
    /** Puts names for placeholders in a text that has been masked; what it gives is foreign text like any other. */
    reveal(text: string): string;
  },
): string {
  const { facts, publicUrl, templates } = options;
  const { text, json } = options.masker;
  const masker = {
    text: (value: string) => options.reveal(text(value)),
    json: (value: unknown) => mapStrings(json(value), options.reveal),
  };
  return fillTemplate(templates[kind] ?? TEMPLATES[kind], {
    values: {
      ...describeSession(facts.session, masker),
      ...describeApproval(facts.approval, masker),
      link: `${publicUrl}/sessions/${facts.session.id}`,
    },
    maxChars: MESSAGE_MAX_CHARS,
  });
}

type Shown = Pick<Masker, 'text' | 'json'>;

function describeSession(session: MessageFacts['session'], masker: Shown): PlaceholderValues {
  const plain = (text: string) => escapeMrkdwn(masker.text(text)).replace(/\s+/g, ' ').trim();
  const duration = session.durationMs === null ? '' : formatDuration(session.durationMs);
  const cost = describeCost(session);
  const isOver = session.durationMs !== null;
  const details = [
    session.severity === null ? '' : plain(session.severity),
    plain(session.alertType),
    ...(isOver ? [duration, cost] : []),
    session.alertCount > 1 ? `alert seen ${formatQuantity(session.alertCount, 'time')}` : '',
  ];
  const reason = session.statusReason === null ? '' : ` (${plain(session.statusReason)})`;
  return {
    title: plain(session.title),
    severity: plain(session.severity ?? ''),
    alertType: plain(session.alertType),
    details: details.filter((part) => part !== '').join(' · '),
    icon: ICONS[session.status] ?? '',
    status: `${plain(session.status.replaceAll('_', ' '))}${reason}`,
    summary: markdownToMrkdwn(masker.text(chooseSummary(session))),
    duration,
    cost,
  };
}

/** Calls of models without a known price are not in the sum, and that is said. */
function describeCost({ costUsd, unpricedCalls }: MessageFacts['session']): string {
  if (unpricedCalls === 0) return formatCost(costUsd);
  return costUsd === 0 ? 'cost unknown' : `${formatCost(costUsd)} and calls without a known price`;
}

/** The executive summary; without one the first lines of the analysis; without that what went wrong. */
export function chooseSummary(
  session: Pick<MessageFacts['session'], 'executiveSummary' | 'finalAnalysis' | 'error'>,
): string {
  if (session.executiveSummary?.trim()) return session.executiveSummary.trim();
  const lines = (session.finalAnalysis ?? '').split('\n').filter((line) => line.trim() !== '');
  if (lines.length > 0) {
    const head = lines.slice(0, SUMMARY_LINES).join('\n');
    return lines.length > SUMMARY_LINES ? `${head}\n…` : head;
  }
  return session.error?.trim() ?? '';
}

function describeApproval(approval: MessageFacts['approval'], masker: Shown): PlaceholderValues {
  if (!approval) return {};
  const isQuestion = approval.kind === 'question';
  const json = JSON.stringify(masker.json(approval.arguments), null, 2) ?? '';
  const minutes = approval.expiresAt.toISOString().slice(0, 16).replace('T', ' ');
  return {
    request: isQuestion ? 'A question for you' : 'Approval needed',
    tool: isQuestion ? '' : `\`${escapeCode(`${approval.server}.${approval.tool}`)}\``,
    // Cut before it is fenced: a fence that is cut off would swallow the rest of the message.
    arguments:
      isQuestion || json === '{}' ? '' : `\`\`\`${cutEscaped(escapeCode(json), ARGUMENTS_MAX_CHARS)}\`\`\``,
    why: escapeMrkdwn(masker.text(isQuestion ? questionOf(approval) : approval.why)),
    expires: `expires ${minutes} UTC`,
  };
}

/** The question with the answers to choose from, as the agent's call of `ask_person` carries them. */
function questionOf(approval: NonNullable<MessageFacts['approval']>): string {
  const asked = questionSchema.safeParse(approval.arguments).data;
  if (!asked) return approval.why;
  return [asked.question, ...asked.options.map((option) => `• ${option}`)].join('\n');
}

const questionSchema = z.object({ question: z.string(), options: z.array(z.string()).default([]) });
