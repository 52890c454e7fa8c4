const COUNT = /^\(\d+\) /;

/** The title with "(3) " in front while something waits, without it when nothing does; never twice. */
export const withTitleCount = (title: string, count: number): string =>
  `${count > 0 ? `(${count}) ` : ''}${title.replace(COUNT, '')}`;
