/** “Ann is typing”, for as many as fit into a line. */
export function describeTyping(names: readonly string[]): string {
  const [first, second] = names;
  if (first === undefined) return '';
  if (second === undefined) return `${first} is typing …`;
  if (names.length === 2) return `${first} and ${second} are typing …`;
  return `${first} and ${names.length - 1} others are typing …`;
}
