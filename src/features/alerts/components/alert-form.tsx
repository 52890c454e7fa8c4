'use client';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Send } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { describeError } from '#src/components/data/describe-error.ts';
import { useTRPC } from '#src/components/data/trpc.ts';
import { Button } from '#src/components/ui/button.tsx';
import { Field, Input, Select, Textarea } from '#src/components/ui/field.tsx';
import { Spinner } from '#src/components/ui/spinner.tsx';
import { type DataFormat, dataFormats, parseAlertData, parseLabels } from './parse-alert-data.ts';

const formatLabels: Record<DataFormat, string> = { text: 'Text', json: 'JSON', yaml: 'YAML' };
const severities = ['critical', 'warning', 'info'];

const empty = { alertType: '', title: '', severity: '', data: '', labels: '', runbook: '', fingerprint: '' };
type FormText = typeof empty;

type Issue = { path: string; message: string };

/** Error of the field that an issue's path points into: `labels.pod` belongs to `labels`. */
const errorAt = (errors: readonly Issue[], field: keyof FormText): string | undefined =>
  errors.find(({ path }) => path === field || path.startsWith(`${field}.`))?.message;

/** Whether an issue has a field to stand at. */
const isPlaced = ({ path }: Issue): boolean => (path.split('.')[0] ?? '') in empty;

type AlertFormProps = { project: string; onStarted: (sessionId: string, deduplicated: boolean) => void };

export function AlertForm({ project, onStarted }: AlertFormProps) {
  const trpc = useTRPC();
  const options = useQuery(trpc.alerts.formOptions.queryOptions({ project }));
  const [form, setForm] = useState<FormText>(empty);
  const [format, setFormat] = useState<DataFormat>('text');
  const [local, setLocal] = useState<readonly Issue[]>([]);
  const submit = useMutation(
    trpc.alerts.submit.mutationOptions({
      onSuccess: ({ sessionId, deduplicated }) => onStarted(sessionId, deduplicated),
    }),
  );
  const refused = submit.isError ? describeError(submit.error) : null;
  const errors = local.length > 0 ? local : (refused?.fields ?? []);
  const unplaced = refused?.fields.filter((issue) => !isPlaced(issue)) ?? [];

  const set = (field: keyof FormText) => (event: { target: { value: string } }) => {
    setForm({ ...form, [field]: event.target.value });
  };

  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    submit.reset();
    const data = parseAlertData(form.data, format);
    const labels = parseLabels(form.labels);
    setLocal([
      ...(data.ok ? [] : [{ path: 'data', message: data.message }]),
      ...(labels.ok ? [] : [{ path: 'labels', message: labels.message }]),
    ]);
    if (!data.ok || !labels.ok) return;
    const { alertType, title, severity, runbook, fingerprint } = form;
    const filled = Object.entries({ alertType, title, severity, runbook, fingerprint }).flatMap(
      ([key, value]) => (value.trim() ? [[key, value.trim()] as const] : []),
    );
    submit.mutate({
      project,
      data: data.data,
      ...Object.fromEntries(filled),
      ...(Object.keys(labels.labels).length > 0 ? { labels: labels.labels } : {}),
    });
  };

  return (
    <form onSubmit={onSubmit} noValidate className="grid gap-4 rounded-xl border bg-panel p-4">
      <div className="grid gap-4 sm:grid-cols-2">
        <Field id="title" label="Title" error={errorAt(errors, 'title')}>
          {(aria) => (
            <Input {...aria} value={form.title} onChange={set('title')} placeholder="Checkout answers 502" />
          )}
        </Field>
        <Field
          id="alertType"
          label="Alert type"
          hint="Chooses the chain of agents."
          error={errorAt(errors, 'alertType')}
        >
          {(aria) => (
            <Select {...aria} value={form.alertType} onChange={set('alertType')}>
              <option value="">Default</option>
              {options.data?.alertTypes.map(({ name, chain }) => (
                <option key={name} value={name}>
                  {name === chain ? name : `${name} → ${chain}`}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      <div className="grid gap-1">
        <Field
          id="data"
          label="What happened"
          hint="Everything the agent should know: the alert's text, metrics, names. Secrets are masked before anything is stored."
          error={errorAt(errors, 'data')}
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
                      checked={format === each}
                      onChange={() => setFormat(each)}
                    />
                    {formatLabels[each]}
                  </label>
                ))}
              </fieldset>
              <Textarea
                {...aria}
                value={form.data}
                onChange={set('data')}
                rows={9}
                spellCheck={format === 'text'}
                className="font-mono text-xs"
              />
            </>
          )}
        </Field>
      </div>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field id="severity" label="Severity" error={errorAt(errors, 'severity')}>
          {(aria) => (
            <Select {...aria} value={form.severity} onChange={set('severity')}>
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
          hint="Optional. A repeat with the same one joins the open investigation."
          error={errorAt(errors, 'fingerprint')}
        >
          {(aria) => <Input {...aria} value={form.fingerprint} onChange={set('fingerprint')} />}
        </Field>
        <Field id="labels" label="Labels" hint="key=value, one a line." error={errorAt(errors, 'labels')}>
          {(aria) => (
            <Textarea
              {...aria}
              value={form.labels}
              onChange={set('labels')}
              rows={3}
              className="font-mono text-xs"
              placeholder="namespace=shop"
            />
          )}
        </Field>
        <Field
          id="runbook"
          label="Runbook"
          hint="Optional address of the steps your team has written down."
          error={errorAt(errors, 'runbook')}
        >
          {(aria) => (
            <Input
              {...aria}
              type="url"
              value={form.runbook}
              onChange={set('runbook')}
              placeholder="https://"
            />
          )}
        </Field>
      </div>
      {refused ? (
        <p role="alert" className="rounded-md bg-bad-soft p-2.5 text-bad">
          {refused.message} {unplaced.map(({ path, message }) => `${path}: ${message}`).join('; ')}
        </p>
      ) : null}
      <div className="flex justify-end">
        <Button type="submit" variant="primary" disabled={submit.isPending}>
          {submit.isPending ? <Spinner /> : <Send />} Start the investigation
        </Button>
      </div>
    </form>
  );
}
