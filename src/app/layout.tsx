import type { Metadata, Viewport } from 'next';
import { headers } from 'next/headers';
import { NuqsAdapter } from 'nuqs/adapters/next/app';
import type { ReactNode } from 'react';
import { DataProvider } from '#src/components/data/data-provider.tsx';
import { FocusNewPage } from '#src/components/frame/focus-new-page.tsx';
import { ThemeProvider } from '#src/components/frame/theme-provider.tsx';
import './globals.css';

export const metadata: Metadata = {
  applicationName: 'TARS',
  description: 'From an alert to its root cause, live.',
  icons: { icon: '/icon.svg' },
  robots: { index: false, follow: false },
};

export const viewport: Viewport = {
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#fafafa' },
    { media: '(prefers-color-scheme: dark)', color: '#101114' },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const sent = await headers();
  // Set by our server for the content policy; the theme's inline script needs it.
  const nonce = sent.get('x-nonce') ?? undefined;
  return (
    // The release is what an open page compares with whatever answers it later.
    <html lang="en" data-release={sent.get('x-release') ?? undefined} suppressHydrationWarning>
      <body>
        <ThemeProvider nonce={nonce}>
          <NuqsAdapter>
            <FocusNewPage />
            <DataProvider>{children}</DataProvider>
          </NuqsAdapter>
        </ThemeProvider>
      </body>
    </html>
  );
}
