import { EvaluationPage } from '#src/features/evaluations/components/evaluation-page.tsx';

export default async function Page({ params }: { params: Promise<{ project: string; id: string }> }) {
  const { project, id } = await params;
  return <EvaluationPage project={project} id={id} />;
}
