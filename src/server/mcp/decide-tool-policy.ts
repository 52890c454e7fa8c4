import type { ToolApproval } from '../config/schema.ts';

export type ToolPolicy = { action: 'run' } | { action: 'approve'; why: string };

export type PolicyQuestion = {
  /** `server` is null for the product's own built-in tools. */
  tool: { server: string | null; name: string; readOnly: boolean };
  /** The server's configuration; absent means "by annotations". */
  approval?: { default: ToolApproval; tools: Record<string, ToolApproval> } | undefined;
  /** What the call would do; part of the question so that rules about arguments have their place. */
  arguments: Record<string, unknown>;
};

const RUN: ToolPolicy = { action: 'run' };

/**
 * Whether a call may run or a person has to approve it. Decided here and not by the model. The tool's own entry wins
 * over the server's default. A server that does not say `readOnlyHint: true` is taken to change something.
 */
export function decideToolPolicy(question: PolicyQuestion): ToolPolicy {
  const { tool, approval } = question;
  if (tool.server === null) return RUN;
  const entry =
    approval && Object.hasOwn(approval.tools, tool.name) ? approval.tools[tool.name] : approval?.default;
  const rule: ToolApproval = entry ?? 'annotations';
  switch (rule) {
    case 'never':
      return RUN;
    case 'always':
      return {
        action: 'approve',
        why: `the configuration of server "${tool.server}" asks for approval of "${tool.name}"`,
      };
    case 'annotations':
      if (tool.readOnly) return RUN;
      return { action: 'approve', why: `server "${tool.server}" does not mark "${tool.name}" as read-only` };
    default:
      return rule satisfies never;
  }
}
