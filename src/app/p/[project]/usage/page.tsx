import { UsagePage } from '#src/features/usage/components/usage-page.tsx';

export default async function Page({ params }: { params: Promise<{ project: string }> }) {
  const { project } = await params;
  return <UsagePage project={project} />;
}
