import { TracePage } from '#src/features/sessions/components/trace/trace-page.tsx';

export default async function Page({ params }: { params: Promise<{ project: string; id: string }> }) {
  const { project, id } = await params;
  return <TracePage project={project} id={id} />;
}
