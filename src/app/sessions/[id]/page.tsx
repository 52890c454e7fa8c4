import { LocateSession } from '#src/features/sessions/components/locate-session.tsx';

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  return <LocateSession id={id} />;
}
