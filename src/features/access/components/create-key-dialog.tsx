'use client';
import { useState } from 'react';
import { CopyButton } from '#src/components/copy-button.tsx';
import { Button } from '#src/components/ui/button.tsx';
import { Dialog } from '#src/components/ui/dialog.tsx';
import { Field, Input, Select } from '#src/components/ui/field.tsx';
import { type KeyScope, keyNameSchema, keyScopeSchema, keyScopes } from '../schema.ts';
import { scopeLooks } from './role-looks.ts';
import type { AccessActions } from './use-access.ts';

const DAY_MS = 24 * 3_600_000;
const lifetimes = [
  ['90', '90 days'],
  ['365', 'a year'],
  ['30', '30 days'],
  ['', 'for ever'],
] as const;

export function CreateKeyDialog({ actions, onClose }: { actions: AccessActions; onClose: () => void }) {
  const [key, setKey] = useState<string | null>(null);
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={key ? 'The new key' : 'New API key'}>
      {key ? (
        <NewKey secret={key} onClose={onClose} />
      ) : (
        <KeyForm actions={actions} onClose={onClose} onCreated={setKey} />
      )}
    </Dialog>
  );
}

type FormProps = { actions: AccessActions; onClose: () => void; onCreated: (key: string) => void };

function KeyForm({ actions: { createKey }, onClose, onCreated }: FormProps) {
  const [name, setName] = useState('');
  const [scope, setScope] = useState<KeyScope>('alerts');
  const [days, setDays] = useState<string>(lifetimes[0][0]);
  const parsed = keyNameSchema.safeParse(name);
  return (
    <form
      className="thin-scroll grid gap-3 overflow-y-auto p-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (!parsed.success) return;
        const expiresAt = days === '' ? null : new Date(Date.now() + Number(days) * DAY_MS).toISOString();
        createKey.run({ name: parsed.data, scope, expiresAt }, (created) => onCreated(created.key));
      }}
    >
      <Field id="key-name" label="What it is for" hint="So that somebody knows later what breaks without it.">
        {(aria) => (
          <Input
            {...aria}
            // Else the dialog focuses its close button, and typing goes nowhere.
            autoFocus
            value={name}
            maxLength={80}
            placeholder="alertmanager"
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <div className="grid gap-3 sm:grid-cols-2">
        <Field id="key-scope" label="Scope" hint={scopeLooks[scope].may}>
          {(aria) => (
            <Select
              {...aria}
              value={scope}
              onChange={(event) => setScope(keyScopeSchema.parse(event.target.value))}
            >
              {keyScopes.map((each) => (
                <option key={each} value={each}>
                  {each}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field id="key-lifetime" label="Valid for">
          {(aria) => (
            <Select {...aria} value={days} onChange={(event) => setDays(event.target.value)}>
              {lifetimes.map(([value, label]) => (
                <option key={label} value={value}>
                  {label}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Not now</Button>
        <Button type="submit" variant="primary" disabled={!parsed.success || createKey.isPending}>
          Create
        </Button>
      </div>
    </form>
  );
}

function NewKey({ secret, onClose }: { secret: string; onClose: () => void }) {
  return (
    <div className="grid gap-3 p-4">
      <p>Copy it now: it is not shown again, and nobody can look it up.</p>
      <div className="flex items-center gap-2 rounded-md bg-raised py-1.5 pr-1.5 pl-3">
        <code className="min-w-0 flex-1 [overflow-wrap:anywhere]">{secret}</code>
        <CopyButton label="Copy the key" text={() => secret} />
      </div>
      <div className="flex justify-end">
        <Button variant="primary" onClick={onClose}>
          Done
        </Button>
      </div>
    </div>
  );
}
