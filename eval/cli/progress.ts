import type { EvaluationOptions } from '../run/run-evaluation.ts';
import { describeResult } from './describe-evaluation.ts';

/** A line per finished attempt, with how far the evaluation is. */
export function createProgress(options: { write: (line: string) => void }): {
  onResult: NonNullable<EvaluationOptions['onResult']>;
} {
  return {
    onResult(result, { attempts, planned }) {
      const count = `[${String(attempts).padStart(String(planned).length)}/${planned}]`;
      options.write(`${count} ${describeResult(result)}`);
      for (const { message } of result.failures) options.write(`${' '.repeat(count.length)}   ${message}`);
    },
  };
}
