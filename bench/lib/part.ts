import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { z } from 'zod';

/** What a part sends: an answer to the order of that number, or why it failed. */
const answerSchema = z.object({ id: z.number(), value: z.unknown(), error: z.string().optional() });
const orderSchema = z.object({ id: z.number(), name: z.string(), value: z.unknown() });

/** A process of a benchmark that takes orders one after the other. */
export type Part = {
  pid: number;
  /** Sends an order and waits for its answer, at most `limitMs`. */
  order(name: string, value: unknown, limitMs: number): Promise<unknown>;
  /** Ends the process, whatever it does. */
  end(): Promise<void>;
};

/** Runs `file` with the part's name as its argument; it calls `servePart`. */
export function startPart(file: string, name: string): Part {
  const child = fork(file, [name], {
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  let lastId = 0;
  return {
    pid: child.pid ?? 0,
    order(orderName, value, limitMs) {
      lastId += 1;
      const id = lastId;
      child.send({ id, name: orderName, value });
      return answerTo(child, { id, what: `${name}: ${orderName}`, limitMs });
    },
    async end() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

function answerTo(
  child: ChildProcess,
  order: { id: number; what: string; limitMs: number },
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      child.off('message', onMessage);
      child.off('exit', onExit);
      finish();
    };
    const fail = (reason: string) => settle(() => reject(new Error(`${order.what}: ${reason}`)));
    const onExit = () => fail('its process ended');
    const onMessage = (message: unknown) => {
      const answer = answerSchema.parse(message);
      if (answer.id !== order.id) return;
      if (answer.error !== undefined) fail(answer.error);
      else settle(() => resolve(answer.value));
    };
    const timer = setTimeout(() => fail(`no answer within ${order.limitMs} ms`), order.limitMs);
    child.on('message', onMessage);
    child.once('exit', onExit);
  });
}

/** The other side: carries out orders until the benchmark's own process is gone. */
export function servePart(orders: Record<string, (value: unknown) => Promise<unknown>>): void {
  process.on('disconnect', () => process.exit(0));
  process.on('message', (message: unknown) => {
    const { id, name, value } = orderSchema.parse(message);
    const carryOut = orders[name] ?? (() => Promise.reject(new Error(`unknown order ${name}`)));
    carryOut(value).then(
      (result) => process.send?.({ id, value: result }),
      (error: unknown) => {
        process.send?.({
          id,
          value: null,
          error: error instanceof Error ? (error.stack ?? error.message) : String(error),
        });
      },
    );
  });
}
