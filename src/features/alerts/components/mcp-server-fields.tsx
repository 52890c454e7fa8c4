'use client';
import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { Badge } from '#src/components/ui/badge.tsx';
import { Button } from '#src/components/ui/button.tsx';
import { cn } from '#src/components/ui/cn.ts';
import type { DefaultTools } from '../schema.ts';
import {
  type ChosenServer,
  chosenOf,
  isSameServer,
  isToolChosen,
  type McpChoice,
  toggleServer,
  toggleTool,
} from './mcp-choice.ts';

type Server = DefaultTools['servers'][number];

/** States in which a server cannot be used right now. */
const troubles: ReadonlySet<string> = new Set(['unhealthy', 'needs_sign_in', 'failed']);

type McpServerFieldsProps = {
  server: Server;
  /** What holds when the alert says nothing. */
  usual: McpChoice;
  choice: McpChoice;
  onChoose: (choice: McpChoice) => void;
  invalid: boolean;
};

/** A server and, unfolded, its tools; each says when it differs from the configuration. */
export function McpServerFields({ server, usual, choice, onChoose, invalid }: McpServerFieldsProps) {
  const [isOpen, setOpen] = useState(false);
  const chosen = chosenOf(choice, server.name);
  const usualServer = chosenOf(usual, server.name);
  const id = `server-${server.name}`;
  return (
    <div className="rounded-md border">
      <div className="flex min-h-9 items-center gap-x-2 px-2">
        <Tick
          id={id}
          // Some of its tools, but not all.
          mixed={chosen !== undefined && chosen.tools !== null}
          checked={chosen !== undefined}
          invalid={invalid}
          onChange={(isOn) => onChoose(toggleServer(choice, server, isOn))}
        />
        <label htmlFor={id} className="flex min-h-9 min-w-0 flex-1 flex-wrap items-center gap-x-2">
          <span className="min-w-0 truncate font-mono text-xs">{server.name}</span>
          {troubles.has(server.status) ? (
            <Badge tone="warn">{server.status.replaceAll('_', ' ')}</Badge>
          ) : null}
          {server.needsMySignIn ? <Badge tone="warn">you are not signed in</Badge> : null}
          <Change what={compareServers(chosen, usualServer)} />
        </label>
        {server.tools.length > 0 ? (
          <Fold
            server={server}
            chosen={chosen}
            isOpen={isOpen}
            controls={`${id}-tools`}
            onFold={() => setOpen(!isOpen)}
          />
        ) : (
          <span className="px-2 text-dim text-xs">
            {server.status === 'per_user' ? 'all tools' : 'tools not seen yet'}
          </span>
        )}
      </div>
      {isOpen ? (
        <ul id={`${id}-tools`} className="thin-scroll max-h-80 overflow-y-auto border-t py-1">
          {server.tools.map((tool) => (
            <ToolField
              key={tool.name}
              id={`${id}-${tool.name}`}
              tool={tool}
              isOn={isToolChosen(chosen, tool.name)}
              wasOn={isToolChosen(usualServer, tool.name)}
              onChange={(isOn) => onChoose(toggleTool(choice, server, tool.name, isOn))}
            />
          ))}
        </ul>
      ) : null}
    </div>
  );
}

type FoldProps = {
  server: Server;
  chosen: ChosenServer | undefined;
  isOpen: boolean;
  controls: string;
  onFold: () => void;
};

function Fold({ server, chosen, isOpen, controls, onFold }: FoldProps) {
  const count = server.tools.filter(({ name }) => isToolChosen(chosen, name)).length;
  return (
    <Button
      size="sm"
      variant="ghost"
      aria-expanded={isOpen}
      aria-controls={isOpen ? controls : undefined}
      onClick={onFold}
    >
      <ChevronRight className={cn(isOpen && 'rotate-90')} />
      <span className="tabular">
        <span className="sr-only">{server.name}: </span>
        {count} of {server.tools.length} tools
      </span>
    </Button>
  );
}

type ToolFieldProps = {
  id: string;
  tool: Server['tools'][number];
  isOn: boolean;
  /** As configured. */
  wasOn: boolean;
  onChange: (isOn: boolean) => void;
};

function ToolField({ id, tool, isOn, wasOn, onChange }: ToolFieldProps) {
  return (
    <li className="flex items-center gap-2 px-2 pl-8 hover:bg-raised">
      <Tick id={id} checked={isOn} onChange={onChange} />
      <label htmlFor={id} className="flex min-h-8 min-w-0 flex-1 flex-wrap items-center gap-x-2">
        <code className="text-xs [overflow-wrap:anywhere]">{tool.name}</code>
        <Badge tone={tool.readOnly ? 'neutral' : 'warn'}>
          {tool.readOnly ? 'reads only' : 'changes something'}
        </Badge>
        <Change what={isOn === wasOn ? null : isOn ? 'added' : 'taken away'} />
        <span className="hidden min-w-0 flex-1 truncate text-dim text-xs sm:block" title={tool.description}>
          {tool.description}
        </span>
      </label>
    </li>
  );
}

/** How it differs from what is configured. */
function Change({ what }: { what: 'added' | 'taken away' | 'changed' | null }) {
  return what === null ? null : <Badge tone="accent">{what}</Badge>;
}

function compareServers(now: ChosenServer | undefined, usual: ChosenServer | undefined) {
  if (isSameServer(now, usual)) return null;
  if (usual === undefined) return 'added';
  return now === undefined ? 'taken away' : 'changed';
}

type TickProps = {
  id: string;
  checked: boolean;
  mixed?: boolean;
  invalid?: boolean;
  onChange: (checked: boolean) => void;
};

function Tick({ id, checked, mixed = false, invalid = false, onChange }: TickProps) {
  return (
    <input
      id={id}
      type="checkbox"
      ref={(element) => {
        // No attribute says it; the browser tells it to assistive technology as "mixed".
        if (element) element.indeterminate = mixed;
      }}
      checked={checked}
      aria-invalid={invalid || undefined}
      aria-describedby={invalid ? 'mcp-error' : undefined}
      onChange={(event) => onChange(event.target.checked)}
      className="size-3.5 shrink-0 accent-accent"
    />
  );
}
