import { z } from 'zod';
import { pauseFactsSchema } from '#src/features/sessions/schema.ts';
import { describeRequest } from '#src/lib/describe-request.ts';
import { formatDuration } from '#src/lib/format-duration.ts';
import { formatCost, formatCount, formatQuantity, formatSpend } from '#src/lib/format-number.ts';
import { headOf } from '#src/lib/storable-text.ts';
import type { MessageKind, NotificationEvent } from '#src/server/config/schema-notifications.ts';
import type { Masker } from '#src/server/masking/index.ts';
import { SHORT_TEXT_MAX_CHARS, SUMMARY_LINES } from '../tunables.ts';
import type { ApprovalFacts, CheckFacts, MessageFacts } from './facts.ts';

/**
 * What a message says, for every platform: masked plain text that is not escaped for any of them yet (`summary` is Markdown of a
 * model). Renderers lay it out; they decide nothing.
 */
export type SessionMessage = {
  kind: MessageKind;
  event: NotificationEvent;
  /** When it happened. */
  at: Date;
  icon: string;
  title: string;
  severity: string | null;
  alertType: string;
  /** "completed", "failed (budget:tokens)". */
  status: string;
  duration: string;
  /** Empty where costs are not shown. */
  cost: string;
  /** Severity, type and what else fits into one line. */
  details: string[];
  summary: string;
  request: RequestText | null;
  decision: { outcome: string; reason: string; at: string } | null;
  /** `decide` leads to the request itself while somebody is to decide. */
  links: { session: string; decide: string | null };
  /** Masked, for programs. */
  facts: MessageFacts;
};

export type RequestText = {
  heading: string;
  /** `server.tool`, and its arguments as JSON; empty where no tool call is asked for. */
  tool: string;
  arguments: string;
  why: string;
  expires: string;
};

/** To try a destination. */
export type TestMessage = { kind: 'test'; at: Date; text: string; link: string };

export type Message = SessionMessage | TestMessage;

export const composeTest = (publicUrl: string, at: Date): TestMessage => ({
  kind: 'test',
  at,
  text: `👋 TARS at ${publicUrl} can post here.`,
  link: publicUrl,
});

const ICONS: Readonly<Record<string, string>> = {
  completed: '✅',
  failed: '❌',
  timed_out: '⏱️',
  cancelled: '🚫',
  approved: '✅',
  denied: '⛔',
  expired: '⏱️',
};

const EVENTS: Record<MessageKind, NotificationEvent> = {
  started: 'started',
  ended: 'ended',
  approval: 'approvalRequested',
  decision: 'approvalDecided',
};

/** The event that a destination must want to be sent this kind of message. */
export const eventOf = (kind: MessageKind): NotificationEvent => EVENTS[kind];

/** How texts are shown: masked, with or without the names that are hidden from models. */
export type Shown = Pick<Masker, 'text' | 'json'>;

/** Facts → message. Pure: what it says depends on nothing else. */
export function composeMessage(
  kind: MessageKind,
  options: { facts: MessageFacts; at: Date; publicUrl: string; masker: Shown },
): SessionMessage {
  const { at, publicUrl } = options;
  const facts = maskFacts(options.facts, options.masker);
  const { session, approval } = facts;
  const page = `${publicUrl}/sessions/${session.id}`;
  const isOpen = approval?.status === 'pending';
  const reason = session.statusReason === null ? '' : ` (${oneLine(session.statusReason)})`;
  const isOver = session.durationMs !== null;
  return {
    kind,
    event: eventOf(kind),
    at,
    icon: iconOf(kind, facts),
    title: session.title.replace(/\s+/g, ' ').trim(),
    severity: session.severity === null ? null : oneLine(session.severity),
    alertType: oneLine(session.alertType),
    status: `${session.status.replaceAll('_', ' ')}${reason}`,
    duration: session.durationMs === null ? '' : formatDuration(session.durationMs),
    cost: describeCost(session),
    details: [
      oneLine(session.severity ?? ''),
      oneLine(session.alertType),
      ...(isOver ? [formatDuration(session.durationMs ?? 0), describeCost(session)] : []),
      describeCheck(facts.check),
      session.alertCount > 1 ? `alert seen ${formatQuantity(session.alertCount, 'time')}` : '',
    ].filter((part) => part !== ''),
    summary: chooseSummary(session),
    request: approval && describeApproval(approval),
    decision: approval && !isOpen ? describeDecision(approval) : null,
    links: { session: page, decide: approval && isOpen ? `${page}?item=${approval.itemId}` : null },
    facts,
  };
}

/** What is new about it is the first thing that whoever gets one of many such messages looks for. */
function describeCheck(check: CheckFacts | null): string {
  if (!check) return '';
  const { outcome, findings, since, unchanged, recovered } = check;
  const name = `check ${oneLine(check.name)}`;
  if (outcome === null) return `${name}: cancelled`;
  const found = {
    healthy: recovered ? 'recovered' : 'healthy',
    findings: formatQuantity(findings, 'finding'),
    unknown: 'could not tell',
  }[outcome];
  return `${name}: ${found}${unchanged && since !== null ? `, unchanged since ${timeOf(since)}` : ''}`;
}

function iconOf(kind: MessageKind, { session, approval }: MessageFacts): string {
  if (kind === 'started') return '🔎';
  if (kind === 'approval') return '✋';
  return ICONS[kind === 'decision' ? (approval?.status ?? '') : session.status] ?? '';
}

/** Secrets are masked once more on the way out: a pattern may be newer than the text. */
function maskFacts({ session, check, approval }: MessageFacts, masker: Shown): MessageFacts {
  const mask = <T extends string | null>(text: T) => (text === null ? text : masker.text(text));
  return {
    session: {
      ...session,
      title: masker.text(session.title),
      alertType: masker.text(session.alertType),
      severity: mask(session.severity),
      fingerprint: mask(session.fingerprint),
      statusReason: mask(session.statusReason),
      executiveSummary: mask(session.executiveSummary),
      finalAnalysis: mask(session.finalAnalysis),
      error: mask(session.error),
    },
    check: check && { ...check, name: masker.text(check.name) },
    approval: approval && {
      ...approval,
      arguments: masker.json(approval.arguments),
      why: masker.text(approval.why),
      reason: mask(approval.reason),
    },
  };
}

const oneLine = (text: string): string => {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > SHORT_TEXT_MAX_CHARS ? `${headOf(line, SHORT_TEXT_MAX_CHARS)}…` : line;
};

/** Calls of models without a known price are not in the sum, and that is said. Empty where costs are not shown. */
function describeCost({ costUsd, unpricedCalls = 0 }: MessageFacts['session']): string {
  if (costUsd === undefined) return '';
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

function describeApproval(approval: ApprovalFacts): RequestText {
  const { kind, status } = approval;
  const json = kind === 'tool' ? (JSON.stringify(approval.arguments, null, 2) ?? '') : '';
  return {
    heading: describeRequest(kind).heading,
    tool: kind === 'tool' ? oneLine(`${approval.server}.${approval.tool}`) : '',
    arguments: json === '{}' ? '' : json,
    why: whyOf(approval),
    expires: status === 'pending' ? `expires ${timeOf(approval.expiresAt)}` : '',
  };
}

function whyOf(approval: ApprovalFacts): string {
  switch (approval.kind) {
    case 'question':
      return questionOf(approval);
    case 'pause':
      return pauseOf(approval);
    default:
      return approval.why;
  }
}

/** How far the agent has come, and what it said last. */
function pauseOf({ why, arguments: facts }: ApprovalFacts): string {
  const pause = pauseFactsSchema.safeParse(facts).data;
  if (!pause) return why;
  const spend = formatSpend(pause);
  const used = [
    formatQuantity(pause.toolCalls, 'tool call'),
    `${formatCount(pause.tokens)} tokens`,
    ...(spend === null ? [] : [spend]),
  ].join(' · ');
  const question = `${why} Let it continue, conclude now, or cancel it?\n${used}`;
  return pause.found === '' ? question : `${question}\nIt said last: ${pause.found}`;
}

/** The question with the answers to choose from, as the agent's call of `ask_person` carries them. */
function questionOf(approval: ApprovalFacts): string {
  const asked = questionSchema.safeParse(approval.arguments).data;
  if (!asked) return approval.why;
  return [asked.question, ...asked.options.map((option) => `• ${option}`)].join('\n');
}

const questionSchema = z.object({ question: z.string(), options: z.array(z.string()).default([]) });

function describeDecision(approval: ApprovalFacts): SessionMessage['decision'] {
  if (approval.status === 'pending') return null;
  const by = approval.decidedBy === null ? '' : ` by ${oneLine(approval.decidedBy)}`;
  return {
    outcome:
      approval.status === 'cancelled' && by !== ''
        ? `The agent was cancelled${by}`
        : `${describeRequest(approval.kind)[approval.status]}${by}`,
    reason: approval.reason ?? '',
    at: approval.decidedAt === null ? '' : timeOf(approval.decidedAt),
  };
}

/** "2026-11-27 08:30 UTC": a channel has readers in many zones. */
const timeOf = (time: Date): string => `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
