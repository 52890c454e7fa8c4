import { type Exchange, sendJson } from './exchange.ts';
import { ApiError } from './status-error.ts';

/** What the demo may do to the cluster at runtime. */
export interface Admin {
  applyIncident(id: string, aged: boolean): void;
  clearIncident(id: string): void;
  /** The Alertmanager webhook payload of an incident. */
  alertFor(id: string): unknown;
  /** Ids of all incidents, with whether each is active. */
  listIncidents(): { id: string; title: string; active: boolean }[];
}

/**
 * `/_demo/incidents`: GET lists; `GET /_demo/incidents/<id>` gives its Alertmanager payload, `POST` applies it (aged,
 * unless `?aged=false`) and gives the payload, `DELETE` clears it. Same bearer token as the rest of the API.
 */
export function handleAdmin(exchange: Exchange, admin: Admin): void {
  const { method, path, response } = exchange;
  const [, collection, id] = path;
  if (collection !== 'incidents')
    throw new ApiError(404, 'NotFound', 'the server could not find the requested resource');
  if (method === 'GET' && id === undefined) {
    sendJson(response, 200, { incidents: admin.listIncidents() });
    return;
  }
  if (id === undefined || !admin.listIncidents().some((incident) => incident.id === id)) {
    throw new ApiError(404, 'NotFound', `incident "${id ?? ''}" not found`);
  }
  if (method === 'DELETE') {
    admin.clearIncident(id);
    sendJson(response, 200, { incidents: admin.listIncidents() });
    return;
  }
  if (method === 'POST') admin.applyIncident(id, exchange.query.get('aged') !== 'false');
  else if (method !== 'GET') {
    throw new ApiError(
      405,
      'MethodNotAllowed',
      'the server does not allow this method on the requested resource',
    );
  }
  sendJson(response, 200, { alert: admin.alertFor(id), incidents: admin.listIncidents() });
}
