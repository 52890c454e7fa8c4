import { AccessPage } from '#src/features/access/components/access-page.tsx';

export default async function Page({ params }: { params: Promise<{ project: string }> }) {
  const { project } = await params;
  return <AccessPage project={project} />;
}
