import { SessionsPage } from '#src/features/sessions/components/list/sessions-page.tsx';

export default async function Page({ params }: { params: Promise<{ project: string }> }) {
  const { project } = await params;
  return <SessionsPage project={project} />;
}
