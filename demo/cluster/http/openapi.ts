import { groupVersionOf, resourceInfos } from '../kinds/resources.ts';
import { type Exchange, sendJson } from './exchange.ts';
import { ApiError } from './status-error.ts';

/**
 * As much of `/openapi/v3` as kubectl needs before it applies: which kinds can be patched, and that validation
 * happens on this side. It carries no schemas of the objects, so `kubectl explain` has nothing to tell.
 */
export function sendOpenApi(exchange: Exchange): void {
  const wanted = exchange.path.slice(2).join('/');
  const groupVersions = [...new Set(resourceInfos.map(groupVersionOf))];
  const pathOf = (groupVersion: string) => (groupVersion === 'v1' ? 'api/v1' : `apis/${groupVersion}`);
  if (wanted === '') {
    const paths = groupVersions
      .map(pathOf)
      .map((path) => [path, { serverRelativeURL: `/openapi/v3/${path}?hash=1` }]);
    sendJson(exchange.response, 200, { paths: Object.fromEntries(paths) });
    return;
  }
  const found = groupVersions.find((groupVersion) => pathOf(groupVersion) === wanted);
  if (!found) throw new ApiError(404, 'NotFound', 'the server could not find the requested resource');
  sendJson(exchange.response, 200, {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'v1.33.4' },
    paths: Object.fromEntries(resourceInfos.filter((info) => groupVersionOf(info) === found).map(pathItem)),
    components: { schemas: {} },
  });
}

const QUERY_PARAMETERS = ['dryRun', 'fieldManager', 'fieldValidation', 'force'].map((name) => ({
  name,
  in: 'query',
  schema: { type: 'string' },
}));

function pathItem(info: (typeof resourceInfos)[number]): [string, Record<string, unknown>] {
  const { group, version, kind, resource, namespaced } = info;
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const path = namespaced
    ? `${root}/namespaces/{namespace}/${resource}/{name}`
    : `${root}/${resource}/{name}`;
  const patch = {
    operationId: `patch${kind}`,
    parameters: QUERY_PARAMETERS,
    responses: { 200: { description: 'OK' } },
    'x-kubernetes-action': 'patch',
    'x-kubernetes-group-version-kind': { group, version, kind },
  };
  return [path, { patch }];
}
