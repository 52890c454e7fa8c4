import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { errorMessage } from '../errors.ts';
import type { PathProblem } from './explain-issues.ts';
import type { Config } from './schema.ts';

/** Files that entries name and that must be there: a server whose authority is unknown would be down for no visible reason. */
export async function checkFiles({ mcpServers }: Config): Promise<PathProblem[]> {
  const checked = Object.entries(mcpServers).map(async ([name, { transport }]) => {
    if (transport.type === 'stdio' || transport.caFile === undefined) return [];
    const trouble = await findTrouble(transport.caFile);
    if (trouble === null) return [];
    return [
      {
        path: ['mcpServers', name, 'transport', 'caFile'],
        found: `${JSON.stringify(transport.caFile)} (${trouble})`,
        expected: 'a readable file with certificates (PEM)',
      },
    ];
  });
  return (await Promise.all(checked)).flat();
}

async function findTrouble(caFile: string): Promise<string | null> {
  try {
    // Throws where there is no certificate in it.
    new X509Certificate(await readFile(caFile));
    return null;
  } catch (error) {
    return errorMessage(error);
  }
}
