import { Suspense } from 'react';
import { SignInPage } from '#src/features/access/components/sign-in-page.tsx';

export default function Page() {
  return (
    <Suspense>
      <SignInPage />
    </Suspense>
  );
}
