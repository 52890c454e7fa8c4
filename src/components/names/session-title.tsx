'use client';
import { listPlaceholders } from '#src/lib/identifier-placeholders.ts';
import { Names } from './names.tsx';
import { SessionNames } from './session-names.tsx';

type Props = { project: string; session: { id: string; title: string } };

/** The title of a session in a list, with names where it has placeholders. */
export function SessionTitle({ project, session }: Props) {
  if (listPlaceholders(session.title).length === 0) return session.title;
  return (
    <SessionNames project={project} sessionId={session.id}>
      <Names>{session.title}</Names>
    </SessionNames>
  );
}
