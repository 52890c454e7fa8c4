'use client';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type RefObject, useEffect, useRef, useState } from 'react';
import { describeError } from '#src/components/data/describe-error.ts';
import { useTRPC } from '#src/components/data/trpc.ts';
import { type McpChoice, toServers } from './mcp-choice.ts';
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
/** Fields that hold text, and the choice of MCP servers. */
type FieldName = keyof AlertFormText | 'mcp';
type Issue = { path: string; message: string };

export type AlertForm = {
  text: AlertFormText;
  format: DataFormat;
  setFormat: (format: DataFormat) => void;
  set: (field: keyof AlertFormText) => (event: { target: { value: string } }) => void;
  /** The servers of this alert; null: those of the configuration. */
  servers: McpChoice | null;
  setServers: (servers: McpChoice | null) => void;
  errorOf: (field: FieldName) => string | undefined;
  /** What the server said as a whole, with issues that have no field here. */
  refusal: string | null;
  pending: boolean;
  ref: RefObject<HTMLFormElement | null>;
  onSubmit: (event: FormEvent) => void;
};

type AlertFormOptions = { project: string; onStarted: (sessionId: string, deduplicated: boolean) => void };

/** State of the submit form: what was typed, what is wrong with it here or for the server, and sending it. */
export function useAlertForm({ project, onStarted }: AlertFormOptions): AlertForm {
  const trpc = useTRPC();
  const [text, setText] = useState<AlertFormText>(empty);
  const [format, setFormat] = useState<DataFormat>('text');
  const [servers, setServers] = useState<McpChoice | null>(null);
  const [local, setLocal] = useState<readonly Issue[]>([]);
  const submit = useMutation(
    trpc.alerts.submit.mutationOptions({
      onSuccess: ({ sessionId, deduplicated }) => onStarted(sessionId, deduplicated),
    }),
  );
  const refused = submit.isError ? describeError(submit.error) : null;
  const issues = local.length > 0 ? local : (refused?.fields ?? []);
  const failures = submit.failureCount + local.length;
  const form = useRef<HTMLFormElement>(null);
  // Whoever cannot see the whole form is led to what is wrong with it.
  useEffect(() => {
    if (failures > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [failures]);

  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    submit.reset();
    const data = parseAlertData(text.data, format);
    const labels = parseLabels(text.labels);
    setLocal([
      ...(data.ok ? [] : [{ path: 'data', message: data.message }]),
      ...(labels.ok ? [] : [{ path: 'labels', message: labels.message }]),
      ...(servers?.length === 0 ? [noServer] : []),
    ]);
    if (!data.ok || !labels.ok || servers?.length === 0) return;
    const nativeTools = readNativeTools(text);
    const mcp = {
      ...(servers === null ? {} : { servers: toServers(servers) }),
      ...(nativeTools === null ? {} : { nativeTools }),
    };
    const { alertType, title, severity, runbook, fingerprint } = text;
    submit.mutate({
      project,
      data: data.data,
      ...filledIn({ alertType, title, severity, runbook, fingerprint }),
      ...(Object.keys(labels.labels).length > 0 ? { labels: labels.labels } : {}),
      ...(Object.keys(mcp).length > 0 ? { mcp } : {}),
    });
  };

  return {
    text,
    format,
    setFormat,
    set: (field) => (event) => setText({ ...text, [field]: event.target.value }),
    servers,
    setServers,
    errorOf: (field) => issues.find((issue) => fieldOf(issue) === field)?.message,
    refusal: refused ? [refused.message, ...refused.fields.filter(isUnplaced).map(inWords)].join(' ') : null,
    pending: submit.isPending,
    ref: form,
    onSubmit,
  };
}

const noServer: Issue = {
  path: 'mcp.servers',
  message: 'Choose at least one server, or go back to those of the configuration.',
};

/** The field that an issue's path points into: `labels.pod` belongs to `labels`. */
const fieldOf = ({ path }: Issue): string => path.split(/[.[]/)[0] ?? '';
const isUnplaced = (issue: Issue): boolean => !(fieldOf(issue) in empty || fieldOf(issue) === 'mcp');
const inWords = ({ path, message }: Issue): string => `${path}: ${message}.`;

/** Without what was left empty. */
const filledIn = (fields: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([key, value]) => (value.trim() ? [[key, value.trim()]] : [])),
  );
