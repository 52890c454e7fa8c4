'use client';
import { Card } from '#src/components/card.tsx';
import type { SystemOverview } from '../schema.ts';
import { ConditionBadge } from './condition-badge.tsx';

export function HealthCard({ overview }: { overview: SystemOverview }) {
  const { provider } = overview;
  return (
    <Card title="Health" aside={<span className="text-dim text-xs">TARS {overview.version}</span>}>
      <ul>
        {overview.components.map(({ name, status, detail }) => (
          <li key={name} className="flex min-h-9 items-center gap-3 border-b px-4 py-1">
            <span className="w-28 shrink-0 font-medium">{name}</span>
            <span className="min-w-0 flex-1 text-dim text-xs [overflow-wrap:anywhere]">{detail}</span>
            <ConditionBadge condition={status} />
          </li>
        ))}
      </ul>
      <div className="px-4 py-2.5">
        <p>
          <span className="text-dim">Answers by default: </span>
          {provider.offline ? 'the offline analyst' : `${provider.name} · ${provider.model}`}
        </p>
        {provider.offline ? (
          <p className="mt-1 text-dim text-xs">
            No language model is connected; known failures are recognised by rule. Set a key such as{' '}
            <code className="text-text">ANTHROPIC_API_KEY</code> and name the provider in{' '}
            <code className="text-text">config/</code> to connect one.
          </p>
        ) : null}
      </div>
    </Card>
  );
}
