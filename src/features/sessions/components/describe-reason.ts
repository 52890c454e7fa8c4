/** `statusReason` in words; codes that are not known are shown as they are. */
export function describeReason(reason: string | null): string {
  const [, key, who] = /^cancelled by (key:)?(.+)$/s.exec(reason ?? '') ?? [];
  if (who) return `It was stopped by ${key ? `the API key ${who}` : who}.`;
  switch (reason) {
    case null:
      return '';
    case 'budget:tokens':
      return 'The token budget was used up, so the agent had to conclude with what it had.';
    case 'budget:cost':
      return 'The cost budget was used up, so the agent had to conclude with what it had.';
    case 'budget:time':
      return 'The time budget was used up, so the agent had to conclude with what it had.';
    default:
      return reason;
  }
}
