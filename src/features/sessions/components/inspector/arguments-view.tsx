import { Names } from '#src/components/names/names.tsx';
import { Pairs } from './labelled.tsx';

const MULTILINE = /\n/;

/** Arguments as names and values, nested ones as JSON; texts of several lines have the whole width, after the others. */
export function ArgumentsView({ args }: { args: Readonly<Record<string, unknown>> }) {
  const entries = Object.entries(args);
  if (entries.length === 0) return <p className="text-dim text-xs">None.</p>;
  const texts = entries.filter((entry): entry is [string, string] => isLongText(entry[1]));
  const short = entries.filter(([, value]) => !isLongText(value));
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-1.5 text-xs">
      {short.length > 0 ? (
        <Pairs pairs={short.map(([name, value]) => [name, <Value key={name} value={value} />] as const)} />
      ) : null}
      {texts.map(([name, text]) => (
        <div key={name}>
          <p className="text-dim">{name}</p>
          <pre className="whitespace-pre-wrap [overflow-wrap:anywhere]">
            <Names>{text}</Names>
          </pre>
        </div>
      ))}
    </div>
  );
}

const isLongText = (value: unknown): boolean => typeof value === 'string' && MULTILINE.test(value);

function Value({ value }: { value: unknown }) {
  if (typeof value === 'string')
    return (
      <code>
        <Names>{value}</Names>
      </code>
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
