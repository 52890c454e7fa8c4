'use client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { ChevronRight, UserPlus } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { toast } from 'sonner';
import { Card } from '#src/components/card.tsx';
import { useTRPC } from '#src/components/data/trpc.ts';
import { ErrorState } from '#src/components/error-state.tsx';
import { TimeAgo } from '#src/components/time.tsx';
import { Button } from '#src/components/ui/button.tsx';
import { Field, Input, Select } from '#src/components/ui/field.tsx';
import { SkeletonRows } from '#src/components/ui/skeleton.tsx';
import { roleSchema, roles } from '../schema.ts';
import { MemberRow } from './member-row.tsx';
import { roleLooks } from './role-looks.ts';
import type { AccessActions } from './use-access.ts';

/** So many fit at a glance; more can be searched. */
const SEARCH_FROM = 12;

type CardProps = { project: string; actions: AccessActions };

export function MembersCard({ project, actions }: CardProps) {
  const trpc = useTRPC();
  const [text, setText] = useState('');
  const q = useDeferredValue(text.trim());
  const members = useQuery(
    trpc.access.listMembers.queryOptions(
      { project, ...(q ? { q } : {}) },
      { placeholderData: keepPreviousData },
    ),
  );
  const items = members.data?.items ?? [];
  return (
    <Card
      title="Members"
      aside={
        q || items.length > SEARCH_FROM ? (
          <Input
            type="search"
            aria-label="Search members"
            placeholder="Search"
            className="h-7 w-40"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        ) : null
      }
    >
      <AddMember actions={actions} />
      <Waiting project={project} actions={actions} />
      {members.isPending ? <SkeletonRows rows={3} rowClassName="h-12" /> : null}
      {members.isError && !members.data ? (
        <ErrorState error={members.error} what="the members" onRetry={() => void members.refetch()} />
      ) : null}
      {members.data && items.length === 0 ? (
        <p className="px-4 py-6 text-center text-dim">Nobody by that name.</p>
      ) : null}
      <ul aria-label="Members">
        {items.map((member) => (
          <MemberRow key={member.id} member={member} actions={actions} />
        ))}
      </ul>
    </Card>
  );
}

function AddMember({ actions: { add } }: { actions: AccessActions }) {
  const [who, setWho] = useState('');
  const [role, setRole] = useState<(typeof roles)[number]>('operator');
  return (
    <form
      aria-label="Add a member"
      className="grid items-start gap-3 border-b p-4 sm:grid-cols-[minmax(0,1fr)_auto_auto]"
      onSubmit={(event) => {
        event.preventDefault();
        if (who.trim() === '') return;
        add.run(who, role, (member) => {
          setWho('');
          toast.success(
            member.status === 'invited'
              ? `${member.name} is ${member.role} from their first sign-in on.`
              : `${member.name} is ${member.role} now.`,
          );
        });
      }}
    >
      <Field
        id="member-who"
        label="Login or e-mail address"
        error={add.error}
        hint="As they sign in. They need not have signed in before."
      >
        {(aria) => (
          <Input
            {...aria}
            value={who}
            maxLength={200}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => {
              setWho(event.target.value);
              add.reset();
            }}
          />
        )}
      </Field>
      <Field id="member-role" label="Role" hint={roleLooks[role].may}>
        {(aria) => (
          <Select {...aria} value={role} onChange={(event) => setRole(roleSchema.parse(event.target.value))}>
            {roles.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Button
        type="submit"
        variant="primary"
        className="sm:mt-6"
        disabled={who.trim() === '' || add.isPending}
      >
        <UserPlus /> Add
      </Button>
    </form>
  );
}

/** People who have signed in and found nothing: who of them is meant is for the administrator to say. */
function Waiting({ project, actions }: CardProps) {
  const trpc = useTRPC();
  const waiting = useQuery(trpc.access.listWaiting.queryOptions({ project }));
  const items = waiting.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <details className="group border-b">
      <summary className="flex min-h-10 cursor-pointer items-center gap-2 px-4 py-1.5 text-dim hover:bg-raised">
        <ChevronRight aria-hidden="true" className="size-3.5 shrink-0 group-open:rotate-90" />
        {items.length === 1 ? 'One person has' : `${items.length} people have`} signed in without belonging to
        any project
      </summary>
      <ul aria-label="Waiting" className="pb-2">
        {items.map(({ name, identity, since }) => (
          <li key={identity} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-1">
            <span className="min-w-0 flex-1 basis-56 [overflow-wrap:anywhere]">
              {name} <code className="text-dim text-xs">{identity}</code>
            </span>
            <TimeAgo at={since} className="text-dim text-xs" />
            <Button
              size="sm"
              aria-label={`Add as viewer: ${name}`}
              disabled={actions.add.isPending}
              onClick={() =>
                actions.add.run(identity, 'viewer', (member) =>
                  toast.success(`${member.name} is viewer now.`),
                )
              }
            >
              Add as viewer
            </Button>
          </li>
        ))}
      </ul>
    </details>
  );
}
