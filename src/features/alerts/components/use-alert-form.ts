'use client';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { describeError } from '#src/components/data/describe-error.ts';
import { useTRPC } from '#src/components/data/trpc.ts';
import { type DataFormat, parseAlertData, parseLabels } from './parse-alert-data.ts';
import { readNativeTools } from './read-native-tools.ts';

const empty = {
  alertType: '',
  title: '',
  severity: '',
  data: '',
  labels: '',
  runbook: '',
  fingerprint: '',
  /** Native tools: as configured (empty), `on`, `off`. */
  webSearch: '',
  urlContext: '',
  codeExecution: '',
};
export type AlertFormText = typeof empty;
type FieldName = keyof AlertFormText;
type Issue = { path: string; message: string };

export type AlertForm = {
  text: AlertFormText;
  format: DataFormat;
  setFormat: (format: DataFormat) => void;
  set: (field: FieldName) => (event: { target: { value: string } }) => void;
  errorOf: (field: FieldName) => string | undefined;
  /** What the server said as a whole, with issues that have no field here. */
  refusal: string | null;
  pending: boolean;
  onSubmit: (event: FormEvent) => void;
};

type AlertFormOptions = { project: string; onStarted: (sessionId: string, deduplicated: boolean) => void };

/** State of the submit form: what was typed, what is wrong with it here or for the server, and sending it. */
export function useAlertForm({ project, onStarted }: AlertFormOptions): AlertForm {
  const trpc = useTRPC();
  const [text, setText] = useState<AlertFormText>(empty);
  const [format, setFormat] = useState<DataFormat>('text');
  const [local, setLocal] = useState<readonly Issue[]>([]);
  const submit = useMutation(
    trpc.alerts.submit.mutationOptions({
      onSuccess: ({ sessionId, deduplicated }) => onStarted(sessionId, deduplicated),
    }),
  );
  const refused = submit.isError ? describeError(submit.error) : null;
  const issues = local.length > 0 ? local : (refused?.fields ?? []);

  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    submit.reset();
    const data = parseAlertData(text.data, format);
    const labels = parseLabels(text.labels);
    setLocal([
      ...(data.ok ? [] : [{ path: 'data', message: data.message }]),
      ...(labels.ok ? [] : [{ path: 'labels', message: labels.message }]),
    ]);
    if (!data.ok || !labels.ok) return;
    const nativeTools = readNativeTools(text);
    const { alertType, title, severity, runbook, fingerprint } = text;
    submit.mutate({
      project,
      data: data.data,
      ...filledIn({ alertType, title, severity, runbook, fingerprint }),
      ...(Object.keys(labels.labels).length > 0 ? { labels: labels.labels } : {}),
      ...(nativeTools === null ? {} : { mcp: { nativeTools } }),
    });
  };

  return {
    text,
    format,
    setFormat,
    set: (field) => (event) => setText({ ...text, [field]: event.target.value }),
    errorOf: (field) => issues.find((issue) => fieldOf(issue) === field)?.message,
    refusal: refused ? [refused.message, ...refused.fields.filter(isUnplaced).map(inWords)].join(' ') : null,
    pending: submit.isPending,
    onSubmit,
  };
}

/** The field that an issue's path points into: `labels.pod` belongs to `labels`. */
const fieldOf = ({ path }: Issue): string => path.split('.')[0] ?? '';
const isUnplaced = (issue: Issue): boolean => !(fieldOf(issue) in empty);
const inWords = ({ path, message }: Issue): string => `${path}: ${message}.`;

/** Without what was left empty. */
const filledIn = (fields: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([key, value]) => (value.trim() ? [[key, value.trim()]] : [])),
  );
