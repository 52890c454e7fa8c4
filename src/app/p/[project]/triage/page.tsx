import { TriagePage } from '#src/features/reviews/components/triage/triage-page.tsx';

export default async function Page({ params }: { params: Promise<{ project: string }> }) {
  const { project } = await params;
  return <TriagePage project={project} />;
}
