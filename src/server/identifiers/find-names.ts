import { type IdentifierSpan, scanRuns } from './scan-text.ts';
import { HOST_MAX_CHARS } from './tunables.ts';

/** Last labels of names that machines have: public domains that are common, and what networks inside use. */
const TOP_LABELS = new Set(
  (
    'com net org io dev app cloud ai co edu gov mil int info biz name pro tech online site store xyz shop blog page ' +
    'systems services network solutions tools company agency digital bank finance health eu asia ' +
    'internal local localdomain lan corp intranet home private priv arpa test example invalid'
  ).split(' '),
);

/** Two letters that also end names of files: a country only below a second label. */
const FILE_ENDINGS = new Set(
  'sh py rs so md pl ps cc go js ts mo ml la st tf in is am as ms gz db id'.split(' '),
);

/**
 * Names that everybody has: of public registries and of the groups and labels of Kubernetes (a diagnosis is full of them and
 * they point at nobody), and names inside of a cluster, whose parts (service, namespace) stand everywhere by themselves.
 */
const COMMON_NAMES =
  /(?:^|\.)(?:k8s\.io|kubernetes\.io|cluster\.local|docker\.io|docker\.com|gcr\.io|ghcr\.io|quay\.io|mcr\.microsoft\.com|pkg\.dev|coreos\.com|istio\.io|cncf\.io|helm\.sh|prometheus\.io|cert-manager\.io|argoproj\.io|fluxcd\.io|github\.com|githubusercontent\.com)$|\.svc$/;

function isHostName(name: string): boolean {
  if (name.length > HOST_MAX_CHARS) return false;
  const labels = name.toLowerCase().split('.');
  const last = labels.at(-1) ?? '';
  if (labels.some((label) => label === '' || label.length > 63)) return false;
  const isKnownEnd =
    TOP_LABELS.has(last) || (/^[a-z]{2}$/.test(last) && (!FILE_ENDINGS.has(last) || labels.length > 2));
  return isKnownEnd && !COMMON_NAMES.test(labels.join('.'));
}

/** Names of at least two labels with a known end. A bare `web-01` has no form of its own: that is for a custom pattern. */
export function findHosts(text: string, kind: string): IdentifierSpan[] {
  const spans: IdentifierSpan[] = [];
  for (const run of scanRuns(text, '[A-Za-z0-9._-]')) {
    const lead = /^[._-]*/.exec(run.text)?.[0].length ?? 0;
    const name = run.text.slice(lead).replace(/[._-]+$/, '');
    if (!name.includes('.') || !isHostName(name)) continue;
    spans.push({ start: run.start + lead, end: run.start + lead + name.length, kind });
  }
  return spans;
}

const EMAIL = /[A-Za-z0-9](?:[A-Za-z0-9._+-]{0,63})@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}/g;
/** An address of a repository or a template unit: `git@github.com:acme/ops`, `user@1000.service`. */
const NOT_A_PERSON = /^git@|\.(?:service|socket|slice|scope|mount|timer|target)$/;

export function findEmails(text: string, kind: string): IdentifierSpan[] {
  if (!text.includes('@')) return [];
  const spans: IdentifierSpan[] = [];
  for (const run of scanRuns(text, '[A-Za-z0-9._+@-]')) {
    if (!run.text.includes('@')) continue;
    for (const { 0: address, index } of run.text.matchAll(EMAIL)) {
      if (NOT_A_PERSON.test(address)) continue;
      spans.push({ start: run.start + index, end: run.start + index + address.length, kind });
    }
  }
  return spans;
}

/** Twelve digits are an account only where something says so: alone they may be a count of bytes. */
const ACCOUNT =
  /\barn:aws[a-z-]{0,12}:[a-z0-9-]{0,40}:[a-z0-9-]{0,40}:(\d{12})(?![0-9])|(?<![0-9])(\d{12})(?=\.dkr\.ecr\.)|account(?:[ _-]?(?:id|number|no))?[\\"']{0,4}[ \t]{0,4}[:=]?[ \t]{0,4}[\\"']{0,4}(\d{12})(?![0-9])/dgi;

export function findAwsAccounts(text: string, kind: string): IdentifierSpan[] {
  const spans: IdentifierSpan[] = [];
  for (const { indices } of text.matchAll(ACCOUNT)) {
    const place = indices?.[1] ?? indices?.[2] ?? indices?.[3];
    if (place) spans.push({ start: place[0], end: place[1], kind });
  }
  return spans;
}
