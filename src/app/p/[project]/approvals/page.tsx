import { ApprovalsPage } from '#src/features/approvals/components/approvals-page.tsx';

export default async function Page({ params }: { params: Promise<{ project: string }> }) {
  const { project } = await params;
  return <ApprovalsPage project={project} />;
}
