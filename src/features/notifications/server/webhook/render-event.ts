import { z } from 'zod';
import type { Message, SessionMessage } from '../message/compose-message.ts';
import { cutText } from '../message/fit-text.ts';
import { EVENT_ARGUMENTS_MAX_CHARS, EVENT_TEXT_MAX_CHARS } from '../tunables.ts';
import type { WebhookEvent } from './webhook-event.ts';

/** A message as the JSON that programs read. */
export function renderEvent(message: Message, id: string): WebhookEvent {
  const head = { version: 1, id, occurredAt: message.at.toISOString() } as const;
  if (message.kind === 'test')
    return { ...head, event: 'test', text: message.text, session: null, check: null, approval: null };
  return {
    ...head,
    event: message.event,
    text: headlineOf(message),
    session: sessionOf(message),
    check: checkOf(message),
    approval: message.kind === 'approval' || message.kind === 'decision' ? approvalOf(message) : null,
  };
}

function headlineOf({ kind, title, status, request, decision }: SessionMessage): string {
  switch (kind) {
    case 'started':
      return `Investigating: ${title}`;
    case 'ended':
      return `${title}: ${status}`;
    case 'approval':
      return `${request?.heading ?? ''}: ${title}`;
    case 'decision':
      return `${decision?.outcome ?? ''}: ${title}`;
  }
}

const cut = (text: string): string => cutText(text, EVENT_TEXT_MAX_CHARS);

function sessionOf({ facts: { session }, links, summary }: SessionMessage): WebhookEvent['session'] {
  return {
    id: session.id,
    url: links.session,
    project: session.project,
    title: cut(session.title),
    alertType: session.alertType,
    severity: session.severity,
    fingerprint: session.fingerprint,
    alertCount: session.alertCount,
    status: session.status,
    statusReason: session.statusReason,
    startedAt: session.startedAt?.toISOString() ?? null,
    completedAt: session.completedAt?.toISOString() ?? null,
    durationMs: session.durationMs,
    summary: summary === '' ? null : cut(summary),
    ...(session.costUsd === undefined
      ? {}
      : { costUsd: session.costUsd, costIsComplete: session.unpricedCalls === 0 }),
  };
}

function checkOf({ facts: { check } }: SessionMessage): WebhookEvent['check'] {
  return check && { ...check, since: check.since?.toISOString() ?? null };
}

const argumentsSchema = z.record(z.string(), z.unknown());

function approvalOf({ facts: { approval }, links }: SessionMessage): WebhookEvent['approval'] {
  if (!approval) return null;
  const args = argumentsSchema.safeParse(approval.arguments).data ?? null;
  return {
    id: approval.id,
    url: `${links.session}?item=${approval.itemId}`,
    kind: approval.kind,
    status: approval.status,
    tool: `${approval.server}.${approval.tool}`,
    arguments: JSON.stringify(args).length > EVENT_ARGUMENTS_MAX_CHARS ? null : args,
    why: cut(approval.why),
    expiresAt: approval.expiresAt.toISOString(),
    decidedAt: approval.decidedAt?.toISOString() ?? null,
    decidedBy: approval.decidedBy,
    reason: approval.reason === null ? null : cut(approval.reason),
  };
}
