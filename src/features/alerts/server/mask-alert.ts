import { headOf, storableJson } from '#src/lib/storable-text.ts';
import { type Config, resolveAlertMasking } from '#src/server/config/index.ts';
import { hashToken } from '#src/server/crypto.ts';
import { type SessionIdentifiers, withIdentifiers } from '#src/server/identifiers/index.ts';
import { createMasker, type Masker } from '#src/server/masking/index.ts';
import { ALERT_TYPE_MAX_CHARS, type IncomingAlert, SEVERITY_MAX_CHARS } from '../schema.ts';
import { TITLE_MAX_CHARS } from './tunables.ts';

/** An alert as it may be stored and shown. */
export type MaskedAlert = IncomingAlert & { title: string };

/** One that may become a row, with its id. */
export type NewAlert = MaskedAlert & { id: string };

export type AlertMasking = {
  config: Config;
  identifiers: SessionIdentifiers;
  /** Fingerprints are compared within it. */
  projectId: string;
};

/** Custom patterns are compiled once per configuration, not once per alert. */
const maskers = new WeakMap<Config, Masker>();

function maskerOf(config: Config, { supersedes }: SessionIdentifiers): Masker {
  const masker = maskers.get(config) ?? createMasker({ ...resolveAlertMasking(config), except: supersedes });
  maskers.set(config, masker);
  return masker;
}

/**
 * The alert without secrets and without what PostgreSQL cannot store. Texts are masked before they are cut: a cut could
 * remove the mark by which a secret is known. `identifiers` are those of the session that the alert will start.
 */
export function maskAlert(
  { config, identifiers, projectId }: AlertMasking,
  incoming: IncomingAlert,
): MaskedAlert {
  const secrets = maskerOf(config, identifiers);
  const masker = withIdentifiers(secrets, identifiers);
  const fingerprintOf = (text: string) =>
    identifiers.maskWhole(maskFingerprint(secrets, text), { kind: 'FINGERPRINT', scope: projectId });
  const alert = storableJson(incoming);
  const maskNullable = (text: string | null) => (text === null ? null : masker.text(text));
  const maskShort = (text: string | null, maxChars: number) => {
    const masked = maskNullable(text);
    return masked === null ? null : headOf(masked, maxChars);
  };
  const alertType = maskShort(alert.alertType, ALERT_TYPE_MAX_CHARS);
  const data = masker.text(alert.data);
  const title = maskNullable(alert.title) ?? titleFromText(data, alertType);
  return {
    ...alert,
    alertType,
    title: title.length > TITLE_MAX_CHARS ? `${headOf(title, TITLE_MAX_CHARS - 1)}…` : title,
    severity: maskShort(alert.severity, SEVERITY_MAX_CHARS),
    fingerprint: alert.fingerprint === null ? null : fingerprintOf(alert.fingerprint),
    labels: maskValues(masker, alert.labels),
    annotations: maskValues(masker, alert.annotations),
    data,
    runbook: maskNullable(alert.runbook),
    mcp: alert.mcp && {
      ...alert.mcp,
      servers: alert.mcp.servers?.map((server) => maskTools(masker, server)),
    },
    idempotencyKey: alert.idempotencyKey === null ? null : hashToken(alert.idempotencyKey),
  };
}

/** By name and value: `password: hunter2` is only known as a secret by its name. */
function maskValues(masker: Masker, values: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => {
      const masked = masker.json({ [key]: value });
      const [shown] = typeof masked === 'object' && masked !== null ? Object.entries(masked) : [];
      return [shown?.[0] ?? masker.text(key), String(shown?.[1] ?? masked)];
    }),
  );
}

type SelectedServer = NonNullable<NonNullable<IncomingAlert['mcp']>['servers']>[number];

const maskTools = (masker: Masker, { name, tools }: SelectedServer): SelectedServer => ({
  name,
  ...(tools ? { tools: tools.map((tool) => masker.text(tool)) } : {}),
});

/** One that holds a secret stays as distinct as it was: two problems must not become one by being masked. */
function maskFingerprint(masker: Masker, fingerprint: string): string {
  const masked = masker.text(fingerprint);
  return masked === fingerprint ? fingerprint : `${masked} ${hashToken(fingerprint).slice(0, 16)}`;
}

function titleFromText(data: string, alertType: string | null): string {
  const firstLine = data.split('\n', 20).find((line) => /[\p{L}\p{N}]/u.test(line)) ?? '';
  const isProse = firstLine.trim() !== '' && !/^[[{"]/.test(data.trimStart());
  return isProse ? firstLine.trim() : (alertType ?? 'Alert');
}
