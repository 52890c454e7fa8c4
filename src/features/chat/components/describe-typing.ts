/** So that the line still says on a phone what they do. */
const NAME_MAX_CHARS = 24;

/** “Ann is typing”, for as many as fit into a line. */
export function describeTyping(names: readonly string[]): string {
  const [first, second] = names.map(shorten);
  if (first === undefined) return '';
  if (second === undefined) return `${first} is typing …`;
  if (names.length === 2) return `${first} and ${second} are typing …`;
  return `${first} and ${names.length - 1} others are typing …`;
}

const shorten = (name: string): string =>
  name.length > NAME_MAX_CHARS ? `${name.slice(0, NAME_MAX_CHARS - 1).trimEnd()}…` : name;
