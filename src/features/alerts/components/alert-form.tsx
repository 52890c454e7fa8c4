'use client';
import { useQuery } from '@tanstack/react-query';
import { Send } from 'lucide-react';
import { useTRPC } from '#src/components/data/trpc.ts';
import { Button } from '#src/components/ui/button.tsx';
import { Field, Input, Select, Textarea } from '#src/components/ui/field.tsx';
import { Spinner } from '#src/components/ui/spinner.tsx';
import { McpFields } from './mcp-fields.tsx';
import { NativeToolsFields } from './native-tools-fields.tsx';
import { type DataFormat, dataFormats } from './parse-alert-data.ts';
import { RunbookPicker } from './runbook-picker.tsx';
import { type AlertForm as Form, useAlertForm } from './use-alert-form.ts';

const formatLabels: Record<DataFormat, string> = { text: 'Text', json: 'JSON', yaml: 'YAML' };
const severities = ['critical', 'warning', 'info'];

type AlertFormProps = { project: string; onStarted: (sessionId: string, deduplicated: boolean) => void };

export function AlertForm({ project, onStarted }: AlertFormProps) {
  const form = useAlertForm({ project, onStarted });
  return (
    <form
      ref={form.ref}
      onSubmit={form.onSubmit}
      noValidate
      className="grid grid-cols-[minmax(0,1fr)] gap-4 rounded-xl border bg-panel p-4"
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <Field id="title" label="Title" error={form.errorOf('title')}>
          {(aria) => (
            <Input
              {...aria}
              value={form.text.title}
              onChange={form.set('title')}
              placeholder="Checkout answers 502"
            />
          )}
        </Field>
        <AlertTypeField project={project} form={form} />
      </div>
      <DataField form={form} />
      <Details project={project} form={form} />
      <McpFields project={project} form={form} />
      <NativeToolsFields form={form} />
      {form.refusal ? (
        <p role="alert" className="rounded-md bg-bad-soft p-2.5 text-bad">
          {form.refusal}
        </p>
      ) : null}
      <div className="flex justify-end">
        <Button type="submit" variant="primary" disabled={form.pending}>
          {form.pending ? <Spinner /> : <Send />} Start the investigation
        </Button>
      </div>
    </form>
  );
}

function AlertTypeField({ project, form }: { project: string; form: Form }) {
  const trpc = useTRPC();
  const options = useQuery(trpc.alerts.formOptions.queryOptions({ project }));
  return (
    <Field
      id="alertType"
      label="Alert type"
      hint="Chooses the chain of agents."
      error={form.errorOf('alertType')}
    >
      {(aria) => (
        <Select {...aria} value={form.text.alertType} onChange={form.set('alertType')}>
          <option value="">Default</option>
          {options.data?.alertTypes.map(({ name, chain }) => (
            <option key={name} value={name}>
              {name === chain ? name : `${name} → ${chain}`}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

function DataField({ form }: { form: Form }) {
  return (
    <Field
      id="data"
      label="What happened"
      hint="Everything the agent should know: the alert's text, metrics, names. Secrets are masked before anything is stored."
      error={form.errorOf('data')}
    >
      {(aria) => (
        <>
          <fieldset className="flex gap-3">
            <legend className="sr-only">Format</legend>
            {dataFormats.map((each) => (
              <label key={each} className="flex items-center gap-1.5 text-dim text-xs">
                <input
                  type="radio"
                  name="format"
                  checked={form.format === each}
                  onChange={() => form.setFormat(each)}
                />
                {formatLabels[each]}
              </label>
            ))}
          </fieldset>
          <Textarea
            {...aria}
            value={form.text.data}
            onChange={form.set('data')}
            rows={9}
            spellCheck={form.format === 'text'}
            className="font-mono text-xs"
          />
        </>
      )}
    </Field>
  );
}

/** What may be left out. */
function Details({ project, form }: { project: string; form: Form }) {
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field id="severity" label="Severity" error={form.errorOf('severity')}>
        {(aria) => (
          <Select {...aria} value={form.text.severity} onChange={form.set('severity')}>
            <option value="">Not given</option>
            {severities.map((severity) => (
              <option key={severity} value={severity}>
                {severity}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field
        id="fingerprint"
        label="Fingerprint"
        hint="A repeat with the same one joins the open investigation."
        error={form.errorOf('fingerprint')}
      >
        {(aria) => <Input {...aria} value={form.text.fingerprint} onChange={form.set('fingerprint')} />}
      </Field>
      <Field id="labels" label="Labels" hint="key=value, one a line." error={form.errorOf('labels')}>
        {(aria) => (
          <Textarea
            {...aria}
            value={form.text.labels}
            onChange={form.set('labels')}
            rows={3}
            className="font-mono text-xs"
            placeholder="namespace=shop"
          />
        )}
      </Field>
      <Field
        id="runbook"
        label="Runbook"
        hint="The steps your team has written down: one of the list, or an address."
        error={form.errorOf('runbook')}
      >
        {(aria) => (
          <div className="flex gap-2">
            <Input
              {...aria}
              inputMode="url"
              value={form.text.runbook}
              onChange={form.set('runbook')}
              placeholder="https://"
              className="min-w-0 flex-1"
            />
            <RunbookPicker
              project={project}
              value={form.text.runbook}
              onPick={(url) => form.set('runbook')({ target: { value: url } })}
            />
          </div>
        )}
      </Field>
    </div>
  );
}
