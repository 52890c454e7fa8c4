import type { AccessEvent } from '../schema.ts';

/** What happened, as a sentence. */
export function describeEvent({ action, actor, subject, detail }: AccessEvent): string {
  const who = actor ?? 'TARS';
  const note = detail ? ` (${detail})` : '';
  switch (action) {
    case 'project_created':
      return `${who} made the project`;
    case 'member_added':
      return `${who} added ${subject}${note}`;
    case 'member_invited':
      return `${who} invited ${subject}${note}`;
    case 'member_joined':
      return `${subject} came in${note}`;
    case 'role_changed':
      return `${who} changed what ${subject} may do${note}`;
    case 'member_removed':
      return `${who} took ${subject} out${note}`;
    case 'invitation_withdrawn':
      return `${who} withdrew the invitation of ${subject}${note}`;
    case 'key_created':
      return `${who} made the key ${subject}${note}`;
    case 'key_revoked':
      return `${who} revoked the key ${subject}`;
  }
}
