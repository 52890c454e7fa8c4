import type { EventFact } from './facts.ts';
import { str } from './json-access.ts';
import { parseObjects } from './parse-yaml.ts';

/**
 * Events, in the short form of kubernetes-mcp-server (`InvolvedObject`, `Message`, `Reason` …) or as complete
 * Event objects.
 */
export function parseEvents(text: string, ref: string): EventFact[] {
  return parseObjects(text).flatMap((entry) => {
    const involved = entry.InvolvedObject ?? entry.involvedObject ?? entry.regarding;
    if (involved === undefined) return [];
    return [
      {
        ref,
        namespace: str(entry, 'Namespace') || str(entry, 'metadata', 'namespace'),
        type: str(entry, 'Type') || str(entry, 'type'),
        reason: str(entry, 'Reason') || str(entry, 'reason'),
        kind: str(involved, 'Kind') || str(involved, 'kind'),
        name: str(involved, 'Name') || str(involved, 'name'),
        message: (str(entry, 'Message') || str(entry, 'message') || str(entry, 'note')).trim(),
        timestamp: str(entry, 'Timestamp') || str(entry, 'lastTimestamp') || str(entry, 'eventTime'),
      },
    ];
  });
}
