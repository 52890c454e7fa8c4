'use client';
import { useProject } from '#src/components/frame/project-context.tsx';
import { Select } from '#src/components/ui/field.tsx';
import { isByCost, type SessionSort, sessionSortSchema } from '../../schema.ts';

const words: Record<SessionSort, string> = {
  '-createdAt': 'newest first',
  createdAt: 'oldest first',
  '-duration': 'longest first',
  duration: 'shortest first',
  '-cost': 'dearest first',
  cost: 'cheapest first',
  '-score': 'best score first',
  score: 'worst score first',
  '-rating': 'best rating first',
  rating: 'worst rating first',
  status: 'status, what is open first',
  '-status': 'status, what has ended first',
  alertType: 'alert type, A to Z',
  '-alertType': 'alert type, Z to A',
  author: 'author, A to Z',
  '-author': 'author, Z to A',
};

/** Every order of the list, also those without a column, and where there is no room for columns. */
export function OrderChoice({ sort, onSort }: { sort: SessionSort; onSort: (sort: SessionSort) => void }) {
  const { showsCosts } = useProject();
  const offered = Object.entries(words).filter(([value]) => showsCosts || !isByCost(value));
  return (
    <Select
      aria-label="Order"
      value={sort}
      onChange={(event) => onSort(sessionSortSchema.parse(event.target.value))}
      className="w-auto max-w-44"
    >
      {offered.map(([value, text]) => (
        <option key={value} value={value}>
          Order: {text}
        </option>
      ))}
    </Select>
  );
}
