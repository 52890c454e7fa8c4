/** A YAML key, alone or behind the dash of a list. */
const KEY = /^(\s*(?:- )*)([A-Za-z_][\w./-]*):(\s|$)/;

/**
 * Follows a YAML text line by line and tells under which keys each line stands, as `spec.containers.resources`: a line
 * like `memory: 64Mi` says little alone. Other texts have no such keys above their lines, and get an empty path.
 */
export function createKeyPath(): (line: string) => string {
  let open: { indent: number; key: string }[] = [];
  return (line) => {
    const match = KEY.exec(line);
    const indent = match?.[1]?.length ?? line.search(/\S|$/);
    open = open.filter(
      (entry) =>
        entry.indent < indent || (line.trimStart().startsWith('- ') && entry.indent <= line.search(/\S/)),
    );
    const path = open.map(({ key }) => key).join('.');
    const key = match?.[2];
    if (key !== undefined && line.slice(match?.[0].length).trim() === '') open = [...open, { indent, key }];
    return path;
  };
}
