import { EvaluationsPage } from '#src/features/evaluations/components/evaluations-page.tsx';

export default async function Page({ params }: { params: Promise<{ project: string }> }) {
  const { project } = await params;
  return <EvaluationsPage project={project} />;
}
