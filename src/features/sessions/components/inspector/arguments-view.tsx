import { Names } from '#src/components/names/names.tsx';
import { Pairs } from './labelled.tsx';

const MULTILINE = /\n/;

/** Arguments as names and values; nested ones as JSON. */
export function ArgumentsView({ args }: { args: Readonly<Record<string, unknown>> }) {
  const entries = Object.entries(args);
  if (entries.length === 0) return <p className="text-dim text-xs">None.</p>;
  return (
    <Pairs pairs={entries.map(([name, value]) => [name, <Value key={name} value={value} />] as const)} />
  );
}

function Value({ value }: { value: unknown }) {
  if (typeof value === 'string' && !MULTILINE.test(value))
    return (
      <code>
        <Names>{value}</Names>
      </code>
    );
  if (typeof value === 'string')
    return (
      <pre className="whitespace-pre-wrap">
        <Names>{value}</Names>
      </pre>
    );
  if (typeof value === 'object' && value !== null) {
    return (
      <pre className="whitespace-pre-wrap">
        <Names>{JSON.stringify(value, null, 2)}</Names>
      </pre>
    );
  }
  return <code>{String(value)}</code>;
}
