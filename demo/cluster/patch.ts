/** JSON values as patches see them. */
type Json = unknown;

/** A patch that cannot be applied; the edge answers 422. */
export class PatchError extends Error {}

function isObject(value: Json): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** JSON merge patch, RFC 7396. */
export function applyMergePatch(target: Json, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const result: Record<string, Json> = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = applyMergePatch(result[key], value);
  }
  return result;
}

/** Merge keys of the lists that Kubernetes merges by element; other lists are replaced. */
const MERGE_KEYS: Record<string, string[]> = {
  containers: ['name'],
  initContainers: ['name'],
  env: ['name'],
  ports: ['containerPort', 'port'],
  volumes: ['name'],
  volumeMounts: ['mountPath'],
  conditions: ['type'],
  imagePullSecrets: ['name'],
  ownerReferences: ['uid'],
  taints: ['key'],
};

/** Strategic merge patch: objects merge, the lists above merge by key, `$patch: delete|replace` is honoured. */
export function applyStrategicPatch(target: Json, patch: Json, field = ''): Json {
  if (Array.isArray(patch)) return mergeLists(Array.isArray(target) ? target : [], patch, field);
  if (!isObject(patch)) return patch;
  if (patch.$patch === 'replace') {
    const { $patch: _directive, ...rest } = patch;
    return rest;
  }
  const result: Record<string, Json> = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith('$setElementOrder/') || key.startsWith('$retainKeys')) continue;
    if (key.startsWith('$deleteFromPrimitiveList/')) {
      const list = key.slice('$deleteFromPrimitiveList/'.length);
      const gone: Json[] = Array.isArray(value) ? value : [];
      const current = result[list];
      if (Array.isArray(current)) result[list] = current.filter((entry) => !gone.includes(entry));
      continue;
    }
    if (value === null) delete result[key];
    else result[key] = applyStrategicPatch(result[key], value, key);
  }
  return result;
}

function mergeLists(target: Json[], patch: Json[], field: string): Json[] {
  const key = MERGE_KEYS[field]?.find((name) => patch.some((entry) => isObject(entry) && name in entry));
  const replaces = patch.some((entry) => isObject(entry) && entry.$patch === 'replace');
  if (!key || replaces) return patch.filter((entry) => !(isObject(entry) && '$patch' in entry));
  let result = [...target];
  for (const entry of patch) {
    if (!isObject(entry)) continue;
    const index = result.findIndex((current) => isObject(current) && current[key] === entry[key]);
    if (entry.$patch === 'delete') result = result.filter((_current, position) => position !== index);
    else if (index >= 0) result[index] = applyStrategicPatch(result[index], entry);
    else result.push(applyStrategicPatch({}, entry));
  }
  return result;
}

/** JSON patch, RFC 6902. @throws PatchError */
export function applyJsonPatch(target: Json, operations: Json): Json {
  if (!Array.isArray(operations)) throw new PatchError('a JSON patch must be a list of operations');
  let document: Json = structuredClone(target);
  for (const operation of operations) {
    if (!isObject(operation) || typeof operation.path !== 'string') throw new PatchError('invalid operation');
    document = applyOperation(document, operation, operation.path);
  }
  return document;
}

function applyOperation(document: Json, operation: Record<string, Json>, path: string): Json {
  switch (operation.op) {
    case 'add':
      return write(document, path, operation.value, 'add');
    case 'replace':
      return write(document, path, operation.value, 'replace');
    case 'remove':
      return write(document, path, undefined, 'remove');
    case 'test':
      if (JSON.stringify(read(document, path)) !== JSON.stringify(operation.value)) {
        throw new PatchError(`testing value ${path} failed`);
      }
      return document;
    case 'copy':
    case 'move': {
      const from = String(operation.from);
      const value = structuredClone(read(document, from));
      const base = operation.op === 'move' ? write(document, from, undefined, 'remove') : document;
      return write(base, path, value, 'add');
    }
    default:
      throw new PatchError(`unexpected kind: ${String(operation.op)}`);
  }
}

function pointer(path: string): string[] {
  return path
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function read(document: Json, path: string): Json {
  let value = document;
  for (const part of pointer(path)) {
    if (Array.isArray(value)) value = value[Number(part)];
    else if (isObject(value)) value = value[part];
    else throw new PatchError(`no such path: ${path}`);
  }
  return value;
}

function write(document: Json, path: string, value: Json, mode: 'add' | 'replace' | 'remove'): Json {
  const parts = pointer(path);
  const last = parts.pop();
  if (last === undefined) return value;
  const parent = read(
    document,
    parts.map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''),
  );
  if (Array.isArray(parent)) {
    const index = last === '-' ? parent.length : Number(last);
    if (!Number.isInteger(index) || index > parent.length)
      throw new PatchError(`index out of range: ${path}`);
    if (mode === 'add') parent.splice(index, 0, value);
    else if (mode === 'remove') parent.splice(index, 1);
    else parent[index] = value;
  } else if (isObject(parent)) {
    if (mode !== 'add' && !(last in parent)) throw new PatchError(`no such path: ${path}`);
    if (mode === 'remove') delete parent[last];
    else parent[last] = value;
  } else {
    throw new PatchError(`no such path: ${path}`);
  }
  return document;
}
