/** An analysis that was written earlier, taken apart again. */
export interface ReadAnalysis {
  /** The first line: the answer in one sentence. */
  answer: string;
  sections: Map<string, string>;
}

/** Reads the analyses in a text: each begins with a line of answer before `## Root cause`. */
export function readAnalyses(text: string): ReadAnalysis[] {
  const lines = text.split('\n');
  const starts = lines.flatMap((line, index) => (/^## Root cause\s*$/i.test(line) ? [index] : []));
  return starts.map((start, index) => {
    const before = lines.slice(index === 0 ? 0 : (starts[index - 1] ?? 0) + 1, start).reverse();
    const answer = before.find((line) => line.trim() !== '' && !/^[#<*`=-]/.test(line.trim()))?.trim() ?? '';
    return { answer, sections: readSections(lines.slice(start, starts[index + 1] ?? lines.length)) };
  });
}

/** The text of the section whose title begins with one of the words, or empty. */
export function sectionOf(analysis: ReadAnalysis, title: string): string {
  const found = [...analysis.sections].find(([name]) => name.startsWith(title.toLowerCase()));
  return found?.[1] ?? '';
}

function readSections(lines: string[]): Map<string, string> {
  const sections = new Map<string, string[]>();
  let current: string[] = [];
  for (const line of lines) {
    const title = line.match(/^## (.+?)\s*$/)?.[1];
    if (title === undefined) {
      // The closing lines and delimiters after the last section do not belong to it.
      if (/^\*This analysis was written by|^<\/|^<<<|^[-=]{3,}/.test(line)) current = [];
      else current.push(line);
      continue;
    }
    current = [];
    sections.set(title.toLowerCase(), current);
  }
  return new Map([...sections].map(([title, body]) => [title, body.join('\n').trim()]));
}
