import type { NextConfig } from 'next';

/** Security headers and the content policy come from our own server in front of Next (src/web). */
const config: NextConfig = {
  poweredByHeader: false,
  devIndicators: false,
  turbopack: { root: import.meta.dirname },
  // `npm run check:types` is the type check; the build does not repeat it.
  // The project file of its own keeps Next from rewriting ours.
  typescript: { ignoreBuildErrors: true, tsconfigPath: 'tsconfig.next.json' },
  // The server writes the access log.
  logging: false,
};

export default config;
