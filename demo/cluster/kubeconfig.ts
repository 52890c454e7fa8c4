import { stringify } from 'yaml';

/** A kubeconfig with one cluster, user and context. */
export function makeKubeconfig(url: string, token: string, authorityPem: string): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: 'shop',
        cluster: { server: url, 'certificate-authority-data': Buffer.from(authorityPem).toString('base64') },
      },
    ],
    users: [{ name: 'operator', user: { token } }],
    contexts: [{ name: 'shop', context: { cluster: 'shop', user: 'operator', namespace: 'default' } }],
    'current-context': 'shop',
  });
}
