/** True of every map of variables: see `childEnvironment`. */
function isEnvironment(
  _variables: Record<string, string>,
): _variables is NodeJS.ProcessEnv & Record<string, string> {
  return true;
}

/**
 * The same variables with the type that `spawn` asks for. Next narrows `NodeJS.ProcessEnv` for the whole program to one
 * that always has NODE_ENV; a child process of somebody else's needs no such thing.
 */
export function childEnvironment(variables: Record<string, string>): NodeJS.ProcessEnv {
  if (isEnvironment(variables)) return variables;
  throw new TypeError('not a map of variables');
}
