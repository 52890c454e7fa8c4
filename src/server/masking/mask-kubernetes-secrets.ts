import { maskSecretJson } from './mask-secret-json.ts';
import { maskSecretYaml } from './mask-secret-yaml.ts';
import { MAX_EMBEDDED_DEPTH } from './tunables.ts';

/**
 * Masks the values of Kubernetes Secrets wherever a text holds one. ConfigMaps and references to Secrets stay.
 * Documents inside strings (annotations, JSON answers that carry YAML) are followed to a bounded depth.
 */
export function maskKubernetesSecrets(text: string, checkTime: () => void, depth = 0): string {
  if (!text.includes('Secret') || !text.includes('kind')) return text;
  const maskEmbedded = (inner: string): string =>
    depth < MAX_EMBEDDED_DEPTH ? maskKubernetesSecrets(inner, checkTime, depth + 1) : inner;
  const withoutJson = maskSecretJson(text, maskEmbedded, checkTime);
  const withoutYaml = maskSecretYaml(withoutJson, checkTime);
  return maskEscapedYaml(withoutYaml, checkTime);
}

/** YAML whose line breaks are written as `\n`, as in a log line or a quoted field. */
function maskEscapedYaml(text: string, checkTime: () => void): string {
  if (!/\\n[^\n]{0,40}kind:[ \t]*Secret|kind:[ \t]*Secret(?:List)?\\n/.test(text)) return text;
  return text
    .split('\n')
    .map((line) => {
      if (!line.includes('Secret') || !line.includes('\\n')) return line;
      return line
        .split('"')
        .map((part) => (part.includes('kind:') ? maskEscapedPart(part, checkTime) : part))
        .join('"');
    })
    .join('\n');
}

function maskEscapedPart(part: string, checkTime: () => void): string {
  const cut = part.search(/(?:apiVersion|kind|data|stringData|metadata|items):/);
  if (cut === -1) return part;
  const masked = maskSecretYaml(part.slice(cut).replaceAll('\\n', '\n'), checkTime);
  return part.slice(0, cut) + masked.replaceAll('\n', '\\n');
}
