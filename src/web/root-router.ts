import { accessRouter } from '#src/features/access/server/index.ts';
import { alertsRouter } from '#src/features/alerts/server/index.ts';
import { approvalsRouter } from '#src/features/approvals/server/index.ts';
import { chatRouter } from '#src/features/chat/server/index.ts';
import { checksRouter } from '#src/features/checks/server/index.ts';
import { evaluationsRouter } from '#src/features/evaluations/server/index.ts';
import { mcpServersRouter } from '#src/features/mcp-servers/server/index.ts';
import { memoriesRouter } from '#src/features/memories/server/index.ts';
import { notificationsRouter } from '#src/features/notifications/server/index.ts';
import { reviewsRouter } from '#src/features/reviews/server/index.ts';
import { runbooksRouter } from '#src/features/runbooks/server/index.ts';
import { scoresRouter } from '#src/features/scores/server/index.ts';
import { sessionsRouter } from '#src/features/sessions/server/index.ts';
import { systemRouter } from '#src/features/system/server/index.ts';
import { usageRouter } from '#src/features/usage/server/index.ts';
import { router } from '#src/server/trpc/trpc.ts';

/** Every tRPC procedure, by feature. */
export const rootRouter = router({
  access: accessRouter,
  alerts: alertsRouter,
  chat: chatRouter,
  checks: checksRouter,
  evaluations: evaluationsRouter,
  approvals: approvalsRouter,
  mcpServers: mcpServersRouter,
  memories: memoriesRouter,
  reviews: reviewsRouter,
  runbooks: runbooksRouter,
  notifications: notificationsRouter,
  scores: scoresRouter,
  sessions: sessionsRouter,
  system: systemRouter,
  usage: usageRouter,
});

export type AppRouter = typeof rootRouter;
