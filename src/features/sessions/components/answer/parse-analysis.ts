/** The parts of a final analysis that the page knows; anything else keeps its own heading. */
export type SectionKind = 'summary' | 'root_cause' | 'evidence' | 'actions' | 'confidence' | 'other';
export type AnalysisSection = { kind: SectionKind; title: string; body: string };
export type Confidence = 'high' | 'medium' | 'low';

const HEADING = /^\s{0,3}#{1,4}\s+(.+?)\s*#*\s*$/;
const FENCE = /^\s{0,3}(```|~~~)/;

const kinds: readonly [RegExp, SectionKind][] = [
  [/^(executive\s+)?summary|^tl;?dr/i, 'summary'],
  [/^(probable\s+|most likely\s+)?root\s+cause|^cause$/i, 'root_cause'],
  [/^(supporting\s+)?evidence|^what i (saw|looked at)/i, 'evidence'],
  [/^what to do|^remediation|^recommend|^next steps|^actions?|^immediate/i, 'actions'],
  [/^confidence/i, 'confidence'],
];

/** Splits the Markdown of an analysis at its headings. Headings inside code fences are code. */
export function parseAnalysis(markdown: string): AnalysisSection[] {
  const sections: AnalysisSection[] = [];
  let title = '';
  let lines: string[] = [];
  let fenced = false;
  const close = () => {
    const body = lines.join('\n').trim();
    if (title || body) sections.push({ kind: title ? kindOf(title) : 'other', title, body });
  };
  for (const line of markdown.split('\n')) {
    if (FENCE.test(line)) fenced = !fenced;
    const heading = fenced ? null : HEADING.exec(line);
    if (!heading) {
      lines.push(line);
      continue;
    }
    close();
    title = (heading[1] ?? '').replace(/[*_`:]/g, '').trim();
    lines = [];
  }
  close();
  return sections;
}

/** Without the opening summary when the executive summary above it says the same in the same words. */
export function withoutRepeatedSummary(
  sections: readonly AnalysisSection[],
  executiveSummary: string | null,
): readonly AnalysisSection[] {
  const [first, ...rest] = sections;
  if (!first || !executiveSummary || (first.kind !== 'summary' && first.title)) return sections;
  return plain(executiveSummary).includes(plain(first.body)) ? rest : sections;
}

/** Text without Markdown's signs, references and differences of white space. */
const plain = (markdown: string): string =>
  markdown
    .replace(/\[tool:[^\]]*\]/g, '')
    .replace(/[*_`]/g, '')
    .replace(/\s+/g, ' ')
    .trim();

/** `## Confidence: high` or a section that begins with the word. */
export function readConfidence(sections: readonly AnalysisSection[]): Confidence | null {
  const section = sections.find(({ kind }) => kind === 'confidence');
  const word = /\b(high|medium|moderate|low)\b/i.exec(`${section?.title ?? ''} ${section?.body ?? ''}`)?.[1];
  switch (word?.toLowerCase()) {
    case 'high':
      return 'high';
    case 'medium':
    case 'moderate':
      return 'medium';
    case 'low':
      return 'low';
    default:
      return null;
  }
}

function kindOf(title: string): SectionKind {
  const plain = title.replace(/^\d+[.)]\s*/, '');
  return kinds.find(([pattern]) => pattern.test(plain))?.[1] ?? 'other';
}
