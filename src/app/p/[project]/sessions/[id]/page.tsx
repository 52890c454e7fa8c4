import { SessionPage } from '#src/features/sessions/components/session-page.tsx';

export default async function Page({ params }: { params: Promise<{ project: string; id: string }> }) {
  const { project, id } = await params;
  return <SessionPage key={id} project={project} id={id} />;
}
