'use client';
import { UserMinus } from 'lucide-react';
import { useEffect, useState } from 'react';
import { TimeAgo } from '#src/components/time.tsx';
import { Badge } from '#src/components/ui/badge.tsx';
import { Button } from '#src/components/ui/button.tsx';
import { ConfirmDialog } from '#src/components/ui/confirm-dialog.tsx';
import { Select } from '#src/components/ui/field.tsx';
import { type Member, roleSchema, roles } from '../schema.ts';
import type { AccessActions } from './use-access.ts';

export function MemberRow({ member, actions }: { member: Member; actions: AccessActions }) {
  const { name, role, status, identities, createdAt, addedBy, local } = member;
  const [wanted, setWanted] = useState(role);
  // Also what another administrator has made of it.
  useEffect(() => setWanted(role), [role]);
  const isInvited = status === 'invited';
  const others = identities.filter((identity) => identity !== name);
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1.5 border-b px-4 py-2 last:border-b-0">
      <div className="min-w-0 flex-1 basis-56">
        <div className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
          {/* Whole, however long: whose role is changed here must be plain. */}
          <span className="min-w-0 font-medium [overflow-wrap:anywhere]">{name}</span>
          {isInvited ? <Badge tone="warn">has not signed in yet</Badge> : null}
          {local ? <Badge>one-time links</Badge> : null}
        </div>
        <div className="flex flex-wrap gap-x-2 text-dim text-xs">
          {others.map((identity) => (
            <span key={identity} className="[overflow-wrap:anywhere]">
              {identity}
            </span>
          ))}
          <span className="min-w-0 [overflow-wrap:anywhere]">
            {isInvited ? 'invited' : 'since'} <TimeAgo at={createdAt} />
            {addedBy ? `, by ${addedBy}` : ''}
          </span>
        </div>
      </div>
      <Select
        aria-label={`Role of ${name}`}
        className="w-32"
        value={wanted}
        onChange={(event) => setWanted(roleSchema.parse(event.target.value))}
      >
        {roles.map((each) => (
          <option key={each} value={each}>
            {each}
          </option>
        ))}
      </Select>
      {wanted === role ? null : (
        // An arrow key changes a select at once; a right is given on purpose.
        <Button
          size="sm"
          variant="primary"
          onClick={() => actions.changeRole(member, wanted, () => setWanted(role))}
        >
          Save<span className="sr-only"> the role of {name}</span>
        </Button>
      )}
      <ConfirmDialog
        title={isInvited ? `Withdraw the invitation of ${name}?` : `Take ${name} out of this project?`}
        description={
          isInvited
            ? 'Signing in will not make them a member any more.'
            : 'Their open pages are closed at once. Keys that they made go on working; revoke them below if need be.'
        }
        confirm={isInvited ? 'Withdraw' : 'Take out'}
        onConfirm={() => actions.remove(member)}
      >
        <Button variant="ghost" size="icon" aria-label={`Remove ${name}`} title="Remove">
          <UserMinus />
        </Button>
      </ConfirmDialog>
    </li>
  );
}
