import { stringify } from 'yaml';
import { show } from '../patterns/observe.ts';
import type { Remedy } from './remedy.ts';

/** What values of a manifest may look like: names, images, quantities, ports. No blanks, no line ends, no masks. */
const PLAIN = /^[A-Za-z0-9][\w.\-/:@]{0,300}$/;

/** Whether everything that the change would write is a plain value, so that nothing read from a cluster is more than that. */
export function isPlain({ target, goal, change }: Remedy): boolean {
  const values =
    goal.kind === 'Deployment'
      ? goal.containers.flatMap(({ name, image, memoryLimit }) => [name, image, memoryLimit || '0'])
      : [
          ...Object.entries(goal.selector).flat(),
          ...goal.ports.flatMap(({ name, targetPort, protocol }) => [name || '0', targetPort, protocol]),
        ];
  return [target.namespace, target.name, change.from, change.to, ...values].every((value) =>
    PLAIN.test(value),
  );
}

/**
 * The manifest of a server-side apply. It names as few fields as possible, so that a masked value or a change of somebody
 * else is never written back, and always the same fields: an apply takes away what this writer set before and leaves out now.
 */
export function writeManifest(remedy: Remedy): string {
  const { target, change, why, undo } = remedy;
  const comments = [
    `Changes the ${change.what} of ${show(target)}`,
    `from ${change.from}`,
    `to   ${change.to}`,
    `Why:  ${why}`,
    `Back: ${undo}`,
    'Only this changes; the other fields are named as they are.',
  ];
  const manifest = {
    apiVersion: target.kind === 'Service' ? 'v1' : 'apps/v1',
    kind: target.kind,
    metadata: { namespace: target.namespace, name: target.name },
    spec: specOf(remedy),
  };
  return `${comments.map((line) => `# ${line.replace(/\s*\n\s*/g, ' ')}`).join('\n')}\n${stringify(manifest, { lineWidth: 0 })}`;
}

function specOf({ goal }: Remedy): Record<string, unknown> {
  if (goal.kind === 'Service') {
    return {
      selector: goal.selector,
      ports: goal.ports.map(({ name, port, protocol, targetPort }) => ({
        ...(name === '' ? {} : { name }),
        port,
        protocol,
        targetPort: /^\d+$/.test(targetPort) ? Number(targetPort) : targetPort,
      })),
    };
  }
  const containers = goal.containers.map(({ name, image, memoryLimit }) => ({
    name,
    image,
    ...(memoryLimit === '' ? {} : { resources: { limits: { memory: memoryLimit } } }),
  }));
  return { template: { spec: { containers } } };
}
