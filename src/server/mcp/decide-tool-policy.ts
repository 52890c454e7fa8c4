import { RE2JS } from 're2js';
import type { ApprovalRule, ToolApproval } from '../config/schema.ts';

export type ToolPolicy = { action: 'run' } | { action: 'approve'; why: string };

export type PolicyQuestion = {
  /** `server` is null for the product's own built-in tools. */
  tool: { server: string | null; name: string; readOnly: boolean };
  /** The server's configuration; absent means "by annotations". */
  approval?:
    | {
        default: ToolApproval;
        tools: Record<string, ToolApproval>;
        rules?: readonly Omit<ApprovalRule, 'server'>[];
      }
    | undefined;
  /** The chain's exceptions, which come before the server's own. */
  chainRules?: readonly ApprovalRule[];
  /** Exactly what the call would send. */
  arguments: Record<string, unknown>;
};

const RUN: ToolPolicy = { action: 'run' };

/**
 * Whether a call may run or a person has to approve it. Decided here and not by the model. The first rule that fits
 * decides, the chain's before the server's; then the tool's own entry, then the server's default. A server that does not
 * say `readOnlyHint: true` is taken to change something.
 */
export function decideToolPolicy(question: PolicyQuestion): ToolPolicy {
  const { tool, approval } = question;
  if (tool.server === null) return RUN;
  const entry =
    approval && Object.hasOwn(approval.tools, tool.name) ? approval.tools[tool.name] : approval?.default;
  const exception = findException(question, tool.server);
  const rule: ToolApproval = exception ?? entry ?? 'annotations';
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

function findException(
  { tool, approval, chainRules = [], arguments: args }: PolicyQuestion,
  server: string,
): ToolApproval | undefined {
  const rules = [...chainRules.filter((rule) => rule.server === server), ...(approval?.rules ?? [])];
  return rules.find(
    (rule) =>
      matchesWhole(rule.tool, tool.name) &&
      Object.entries(rule.arguments).every(([path, pattern]) => {
        const value = valueAt(args, path);
        return value !== undefined && matchesWhole(pattern, asText(value));
      }),
  )?.approval;
}

const matchesWhole = (pattern: string, text: string): boolean => RE2JS.compile(pattern).matches(text);

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** The value at `a.b.c`; an own key with dots in its name comes first. */
function valueAt(value: unknown, path: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  const object = Object.fromEntries(Object.entries(value));
  if (Object.hasOwn(object, path)) return object[path];
  const [first = '', ...rest] = path.split('.');
  return rest.length === 0 ? undefined : valueAt(object[first], rest.join('.'));
}
