import { ChecksPage } from '#src/features/checks/components/checks-page.tsx';

export default async function Page({ params }: { params: Promise<{ project: string }> }) {
  const { project } = await params;
  return <ChecksPage project={project} />;
}
