import { KnowledgePage } from '#src/features/memories/components/knowledge-page.tsx';

export default async function Page({ params }: { params: Promise<{ project: string }> }) {
  const { project } = await params;
  return <KnowledgePage project={project} />;
}
