'use client';
import {
  Crosshair,
  FileWarning,
  ListChecks,
  type LucideIcon,
  NotebookText,
  ScanSearch,
  ShieldQuestion,
  Target,
} from 'lucide-react';
import { CopyButton } from '#src/components/copy-button.tsx';
import { Badge, type Tone } from '#src/components/ui/badge.tsx';
import { cn } from '#src/components/ui/cn.ts';
import type { SessionView } from '../../schema.ts';
import { AnswerMarkdown } from './answer-markdown.tsx';
import { describeNoSummary } from './describe-no-summary.ts';
import {
  type AnalysisSection,
  type Confidence,
  parseAnalysis,
  readConfidence,
  type SectionKind,
  withoutRepeatedSummary,
} from './parse-analysis.ts';

const looks: Record<SectionKind, { icon: LucideIcon; title: string }> = {
  summary: { icon: NotebookText, title: 'Summary' },
  root_cause: { icon: Target, title: 'Root cause' },
  evidence: { icon: ScanSearch, title: 'Evidence' },
  actions: { icon: ListChecks, title: 'What to do now' },
  confidence: { icon: ShieldQuestion, title: 'Confidence' },
  other: { icon: Crosshair, title: '' },
};

const confidenceTone: Record<Confidence, Tone> = { high: 'ok', medium: 'warn', low: 'bad' };

/** The finished answer, before everything else: what happened, why, what to do, how sure; each claim with its evidence. */
export function AnswerPanel({ session }: { session: SessionView }) {
  if (!session.finalAnalysis && !session.executiveSummary) return null;
  const parsed = parseAnalysis(session.finalAnalysis ?? '');
  const confidence = readConfidence(parsed);
  const sections = withoutRepeatedSummary(parsed, session.executiveSummary);
  return (
    <article aria-label="Final analysis" className="border-b bg-panel px-4 py-3 md:px-5">
      <div className="mx-auto grid max-w-3xl grid-cols-[minmax(0,1fr)] gap-3">
        <header className="flex items-center gap-2">
          <h2 className="font-semibold text-lg">Final analysis</h2>
          {confidence ? (
            <Badge tone={confidenceTone[confidence]}>
              <ShieldQuestion aria-hidden="true" /> {confidence} confidence
            </Badge>
          ) : null}
          <span className="flex-1" />
          {session.finalAnalysis ? (
            <CopyButton label="Copy the analysis as Markdown" text={() => session.finalAnalysis ?? ''} />
          ) : null}
        </header>
        <ExecutiveSummary session={session} />
        {sections.map((section, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a finished analysis keeps its order.
          <Section key={index} section={section} large={index === 0 && !session.executiveSummary} />
        ))}
      </div>
    </article>
  );
}

function ExecutiveSummary({ session }: { session: SessionView }) {
  if (session.executiveSummary) {
    return (
      <div className="rounded-lg bg-accent-soft px-3 py-2 text-base">
        <AnswerMarkdown text={session.executiveSummary} />
      </div>
    );
  }
  if (!session.executiveSummaryError) return null;
  return (
    <p className="flex gap-2 rounded-lg bg-warn-soft px-3 py-2 text-warn">
      <FileWarning aria-hidden="true" className="mt-0.5 size-3.5 shrink-0" />
      {describeNoSummary(session.executiveSummaryError)}
    </p>
  );
}

function Section({ section, large }: { section: AnalysisSection; large: boolean }) {
  const { icon: Icon, title } = looks[section.kind];
  const heading = section.kind === 'other' ? section.title : title;
  const stressed = section.kind === 'root_cause' || section.kind === 'actions';
  return (
    <section
      className={cn(
        stressed && 'rounded-lg border px-3 py-2.5',
        section.kind === 'root_cause' && 'border-l-4 border-l-accent',
      )}
    >
      {heading ? (
        <h3 className="mb-1 flex items-center gap-1.5 font-semibold">
          <Icon aria-hidden="true" className="size-3.5 text-accent" />
          {heading}
        </h3>
      ) : null}
      <div className={cn(large && !heading && 'text-base')}>
        <AnswerMarkdown text={section.body} />
      </div>
    </section>
  );
}
