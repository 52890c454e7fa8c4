import { describe, expect, it } from 'vitest';
import { type CallOutcome, decideFallback } from './decide-fallback.ts';
import type { LlmErrorCode } from './llm-error.ts';

const ok = (provider: string): CallOutcome => ({ provider, ok: true });
const failed = (provider: string, code: LlmErrorCode, retriesExhausted = false): CallOutcome => ({
  provider,
  ok: false,
  code,
  retriesExhausted,
});
const decide = (outcomes: CallOutcome[], current = 'main', fallbacks = ['main', 'spare', 'last']) =>
  decideFallback({ current, fallbacks, outcomes });

describe('decideFallback', () => {
  it('changes at once when the credentials are refused', () => {
    expect(decide([failed('main', 'credentials')])).toEqual({
      from: 'main',
      to: 'spare',
      reason: 'credentials',
      code: 'credentials',
    });
  });

  it('changes at once when the retries of a call are used up', () => {
    expect(decide([ok('main'), failed('main', 'overloaded', true)])).toMatchObject({
      to: 'spare',
      reason: 'retries_exhausted',
    });
  });

  it('changes after two other failures in a row, of whichever kind', () => {
    expect(decide([failed('main', 'invalid_request')])).toBeNull();
    expect(
      decide([failed('main', 'invalid_request'), ok('main'), failed('main', 'invalid_request')]),
    ).toBeNull();
    expect(decide([failed('main', 'invalid_request'), failed('main', 'timeout')])).toMatchObject({
      to: 'spare',
      reason: 'repeated_failures',
    });
  });

  it.each(['loop', 'empty', 'context_overflow', 'aborted'] as const)(
    'never changes because of "%s"',
    (code) => {
      expect(decide([failed('main', code, true), failed('main', code, true)])).toBeNull();
    },
  );

  it('does not let a loop between two failures reset the count', () => {
    expect(
      decide([failed('main', 'timeout'), failed('main', 'loop'), failed('main', 'timeout')]),
    ).toMatchObject({ to: 'spare' });
  });

  it('stays with the fallback and never returns to a provider that was left', () => {
    const left = [failed('main', 'credentials')];
    expect(decide([...left, ok('spare')], 'spare')).toBeNull();
    expect(decide([...left, failed('spare', 'timeout')], 'spare')).toBeNull();
    expect(decide([...left, failed('spare', 'credentials')], 'spare')).toMatchObject({ to: 'last' });
    expect(decide([...left, failed('spare', 'credentials')], 'spare', ['main', 'spare'])).toBeNull();
  });

  it('has nowhere to go without fallbacks', () => {
    expect(decide([failed('main', 'credentials')], 'main', [])).toBeNull();
    expect(decide([failed('main', 'credentials')], 'main', ['main'])).toBeNull();
    expect(decide([])).toBeNull();
  });
});
