import { SystemPage } from '#src/features/system/components/system-page.tsx';

export default async function Page({ params }: { params: Promise<{ project: string }> }) {
  const { project } = await params;
  return <SystemPage project={project} />;
}
