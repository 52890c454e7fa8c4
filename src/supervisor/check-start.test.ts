import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { StartError } from '#src/server/start-error.ts';
import { checkPort } from './check-start.ts';

describe('checkPort', () => {
  it('takes a free port and names one that is taken, with the way out', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const { port } = address;
    const taken = checkPort({ host: '127.0.0.1', port });
    await expect(taken).rejects.toThrow(StartError);
    await expect(taken).rejects.toThrow(new RegExp(`Port ${port} .*TARS_PORT`));
    await new Promise((resolve) => server.close(resolve));
    await expect(checkPort({ host: '127.0.0.1', port })).resolves.toBeUndefined();
  });

  it('does not take port 0: nobody would know the address', async () => {
    await expect(checkPort({ host: '127.0.0.1', port: 0 })).rejects.toThrow('TARS_PORT');
  });
});
