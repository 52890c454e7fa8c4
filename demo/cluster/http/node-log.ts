import { StoreError } from '../store.ts';
import type { Exchange } from './exchange.ts';

/** `GET /api/v1/nodes/<name>/proxy/logs/?query=kubelet`: the kubelet's journal, from what it reported as events. */
export function sendNodeLog(exchange: Exchange, nodeName: string): void {
  const { store } = exchange.simulation;
  if (!store.get('nodes', undefined, nodeName)) throw new StoreError('NotFound', 'nodes', nodeName);
  const tail = Number(exchange.query.get('tailLines') ?? 200);
  const lines = store
    .list('events')
    .filter((event) => event.source.host === nodeName)
    .sort((a, b) => ((a.lastTimestamp ?? '') < (b.lastTimestamp ?? '') ? -1 : 1))
    .map((event) => {
      const level = event.type === 'Warning' ? 'E' : 'I';
      const object = `${event.involvedObject.namespace ?? ''}/${event.involvedObject.name ?? ''}`;
      return `${event.lastTimestamp} ${nodeName} kubelet[1187]: ${level} "${event.reason}" object="${object}" message="${event.message}"`;
    });
  exchange.response.writeHead(200, { 'content-type': 'text/plain' });
  exchange.response.end(`${lines.slice(-tail).join('\n')}\n`);
}
