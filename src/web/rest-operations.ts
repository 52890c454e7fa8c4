import { accessOperations } from '#src/features/access/server/index.ts';
import { alertOperations } from '#src/features/alerts/server/index.ts';
import { approvalOperations } from '#src/features/approvals/server/index.ts';
import { chatOperations } from '#src/features/chat/server/index.ts';
import { checkOperations } from '#src/features/checks/server/index.ts';
import { evaluationOperations } from '#src/features/evaluations/server/index.ts';
import { mcpServerOperations } from '#src/features/mcp-servers/server/index.ts';
import { memoryOperations } from '#src/features/memories/server/index.ts';
import { reviewOperations } from '#src/features/reviews/server/index.ts';
import { runbookOperations } from '#src/features/runbooks/server/index.ts';
import { scoreOperations } from '#src/features/scores/server/index.ts';
import { sessionOperations } from '#src/features/sessions/server/index.ts';
import { systemOperations } from '#src/features/system/server/index.ts';
import { usageOperations } from '#src/features/usage/server/index.ts';
import type { Operation } from '#src/server/rest/define-operation.ts';
import { createOpenApiOperation } from '#src/server/rest/openapi.ts';

/** Every REST operation below `/api/v1`. */
export const restOperations: readonly Operation[] = [
  ...alertOperations,
  ...sessionOperations,
  ...chatOperations,
  ...approvalOperations,
  ...reviewOperations,
  ...memoryOperations,
  ...scoreOperations,
  ...runbookOperations,
  ...mcpServerOperations,
  ...systemOperations,
  ...usageOperations,
  ...accessOperations,
  ...evaluationOperations,
  ...checkOperations,
  createOpenApiOperation(() => restOperations),
];
