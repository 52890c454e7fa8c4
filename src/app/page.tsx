import { StartPage } from '#src/components/frame/start-page.tsx';

export default function Page() {
  return <StartPage />;
}
