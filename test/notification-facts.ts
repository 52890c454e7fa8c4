import {
  composeMessage,
  type SessionMessage,
} from '#src/features/notifications/server/message/compose-message.ts';
import type { ApprovalFacts, MessageFacts } from '#src/features/notifications/server/message/facts.ts';
import type { MessageKind } from '#src/server/config/schema-notifications.ts';
import { createMasker } from '#src/server/masking/index.ts';

const session: MessageFacts['session'] = {
  id: 's1',
  project: 'shop',
  title: 'Checkout down',
  alertType: 'kubernetes',
  severity: 'critical',
  fingerprint: 'fp-1',
  status: 'completed',
  statusReason: null,
  executiveSummary: 'The key `dsn` is missing.',
  finalAnalysis: null,
  error: null,
  startedAt: new Date('2026-11-27T08:00:00Z'),
  completedAt: new Date('2026-11-27T08:04:12Z'),
  durationMs: 252_000,
  costUsd: 0.0214,
  unpricedCalls: 0,
  alertCount: 3,
};

const approval: ApprovalFacts = {
  id: 'a1',
  kind: 'tool',
  status: 'pending',
  itemId: 'i1',
  server: 'cluster',
  tool: 'pods_delete',
  arguments: { namespace: 'shop', name: 'checkout-1' },
  why: 'The tool says that it changes something.',
  expiresAt: new Date('2026-11-27T08:30:00Z'),
  decidedAt: null,
  decidedBy: null,
  reason: null,
};

const masker = createMasker({ groups: ['security'] });

export const running = { status: 'running', completedAt: null, durationMs: null };
export const decided = {
  status: 'approved' as const,
  decidedBy: 'anna',
  decidedAt: new Date('2026-11-27T08:10:00Z'),
  reason: 'It restarts by itself.',
};

/** A message about an example, with these changes to its facts. */
export const exampleMessage = (
  kind: MessageKind,
  changes: {
    session?: Partial<MessageFacts['session']>;
    check?: MessageFacts['check'];
    approval?: Partial<ApprovalFacts>;
  } = {},
  reveal: (text: string) => string = (text) => text,
): SessionMessage =>
  composeMessage(kind, {
    facts: {
      session: { ...session, ...changes.session },
      check: changes.check ?? null,
      approval: kind === 'approval' || kind === 'decision' ? { ...approval, ...changes.approval } : null,
    },
    at: new Date('2026-11-27T08:05:00Z'),
    publicUrl: 'https://tars.example',
    masker: { text: (text) => reveal(masker.text(text)), json: masker.json },
  });
