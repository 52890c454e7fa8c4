'use client';
import { ChevronRight } from 'lucide-react';
import { Card } from '#src/components/card.tsx';
import { TimeAgo } from '#src/components/time.tsx';
import { Badge } from '#src/components/ui/badge.tsx';
import { SignInHistory, SignInLine } from '#src/features/mcp-servers/components/index.ts';
import { formatQuantity } from '#src/lib/format-number.ts';
import type { SystemOverview } from '../schema.ts';
import { ConditionBadge } from './condition-badge.tsx';

type McpServer = SystemOverview['mcpServers'][number];

export function McpCard({ project, servers }: { project: string; servers: readonly McpServer[] }) {
  return (
    <Card title="MCP servers" wide>
      {servers.length === 0 ? (
        <p className="px-4 py-6 text-center text-dim">
          None is configured, so agents have nothing to look with. Add one under{' '}
          <code className="text-text">mcpServers</code> in <code className="text-text">config/</code>.
        </p>
      ) : (
        servers.map((server) => <ServerEntry key={server.name} project={project} server={server} />)
      )}
    </Card>
  );
}

function ServerEntry({ project, server }: { project: string; server: McpServer }) {
  const { name, signIn } = server;
  const needsSignIn = server.status === 'needs_sign_in';
  return (
    <div className="border-b last:border-b-0">
      <ServerDetails server={server} />
      {signIn ? (
        <SignInLine
          project={project}
          server={name}
          signIn={signIn}
          refused={needsSignIn && signIn.state === 'signed_in'}
        />
      ) : null}
    </div>
  );
}

function ServerDetails({ server }: { server: McpServer }) {
  // Where somebody has to sign in, the line below says why.
  const needsSignIn = server.status === 'needs_sign_in';
  const error = needsSignIn ? null : server.error;
  const isUnseen = (needsSignIn || server.status === 'per_user') && server.tools.length === 0;
  return (
    <details className="group">
      <summary className="flex min-h-10 list-none items-center gap-2.5 px-4 py-1.5 hover:bg-raised [&::-webkit-details-marker]:hidden">
        <ChevronRight aria-hidden="true" className="size-3.5 shrink-0 text-dim group-open:rotate-90" />
        <span className="font-medium font-mono text-xs">{server.name}</span>
        <span className="min-w-0 flex-1 truncate text-dim text-xs">
          {error ?? (isUnseen ? '' : formatQuantity(server.tools.length, 'tool'))}
        </span>
        {server.checkedAt ? (
          <span className="hidden text-dim text-xs sm:inline">
            checked <TimeAgo at={server.checkedAt} />
          </span>
        ) : null}
        <ConditionBadge condition={server.status} />
      </summary>
      {error ? <p className="px-4 pb-2 pl-10 text-bad text-xs [overflow-wrap:anywhere]">{error}</p> : null}
      {server.signIn ? <SignInHistory signIn={server.signIn} /> : null}
      <ul className="pb-2 pl-10">
        {server.tools.map((tool) => (
          <li
            key={tool.name}
            className="grid grid-cols-[minmax(0,1fr)] gap-x-3 py-1 pr-4 sm:grid-cols-[minmax(12rem,auto)_1fr_auto]"
          >
            <code className="text-xs [overflow-wrap:anywhere]">{tool.name}</code>
            <span className="text-dim text-xs [overflow-wrap:anywhere] sm:truncate" title={tool.description}>
              {tool.description}
            </span>
            <Badge tone={tool.readOnly ? 'neutral' : 'warn'} className="w-fit">
              {tool.readOnly ? 'reads only' : 'changes something'}
            </Badge>
          </li>
        ))}
      </ul>
    </details>
  );
}
