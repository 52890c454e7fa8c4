import { isIPv6 } from 'node:net';
import { type IdentifierSpan, scanRuns } from './scan-text.ts';

/** Four numbers; a fifth makes it something else, and so does a `v` of a version. */
const IPV4 = /(?<![0-9.]|(?<![A-Za-z])[vV])\d{1,3}(?:\.\d{1,3}){3}(?![0-9]|\.[0-9])/g;

/** Addresses that mean the same on every machine say nothing about anybody's. */
const COMMON_IPV4 = /^(?:127\.|0\.0\.0\.0$|255\.)/;

export function findIpv4(text: string, kind: string): IdentifierSpan[] {
  const spans: IdentifierSpan[] = [];
  for (const run of scanRuns(text, '[A-Za-z0-9._-]')) {
    for (const { 0: address, index } of run.text.matchAll(IPV4)) {
      const isAddress = address.split('.').every((part) => Number(part) <= 255);
      if (!isAddress || COMMON_IPV4.test(address)) continue;
      spans.push({ start: run.start + index, end: run.start + index + address.length, kind });
    }
  }
  return spans;
}

const IPV6 = /(?<![0-9A-Za-z])(?:[0-9A-Fa-f]{0,4}:){2,8}[0-9A-Fa-f.]{0,15}/g;

export function findIpv6(text: string, kind: string): IdentifierSpan[] {
  const spans: IdentifierSpan[] = [];
  for (const run of scanRuns(text, '[A-Za-z0-9:.]')) {
    for (const { 0: found, index } of run.text.matchAll(IPV6)) {
      const address = [found, found.replace(/\.+$/, ''), found.replace(/[.:]+$/, '')].find(isIPv6);
      if (address === undefined || address === '::' || address === '::1') continue;
      spans.push({ start: run.start + index, end: run.start + index + address.length, kind });
    }
  }
  return spans;
}
