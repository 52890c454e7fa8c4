/** The import rules of ARCHITECTURE.md as errors. `test/import-rules.test.ts` plants violations and sees them fail. */
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'lib-is-a-leaf',
      comment: 'src/lib is pure and isomorphic: it imports nothing of ours and no node built-in.',
      severity: 'error',
      from: { path: '^src/lib/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(src/(?!lib/)|worker/|demo/|bin/)' },
    },
    {
      name: 'kernel-knows-no-feature',
      severity: 'error',
      from: { path: '^src/server/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(src/(features|app|components)/|worker/|demo/|bin/)' },
    },
    {
      name: 'kernel-imports-no-ui-framework',
      severity: 'error',
      from: { path: '^src/server/' },
      to: { path: 'node_modules/(next|react|react-dom)/' },
    },
    {
      name: 'ui-primitives-know-no-feature',
      severity: 'error',
      from: { path: '^src/components/' },
      to: { path: '^(src/(features|app|server)/|worker/|demo/|bin/)' },
    },
    {
      name: 'browser-code-imports-no-server-code',
      comment: 'Only types may cross: a component may `import type` a router type.',
      severity: 'error',
      from: {
        path: '^src/(components|features/[^/]+/(components|hooks)|lib)/|^src/features/[^/]+/schema[a-z-]*\\.ts$',
      },
      to: {
        path: '^src/(server|features/[^/]+/server)/|^worker/|^bin/|^demo/',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'feature-through-its-public-surface',
      comment: "A feature reaches another only through its server/index.ts, schema.ts or components' index.",
      severity: 'error',
      from: { path: '^src/features/([^/]+)/', pathNot: '\\.test\\.tsx?$' },
      to: {
        path: '^src/features/([^/]+)/',
        pathNot: '^src/features/($1/|[^/]+/(server/index\\.ts|schema\\.ts|components/index\\.ts))',
      },
    },
    {
      name: 'nobody-imports-app',
      severity: 'error',
      from: { pathNot: '^src/app/' },
      to: { path: '^src/app/' },
    },
    {
      name: 'worker-reaches-features-through-their-surface',
      severity: 'error',
      from: { path: '^worker/', pathNot: '\\.test\\.ts$' },
      to: { path: '^src/features/[^/]+/', pathNot: '^src/features/[^/]+/(server/index\\.ts|schema\\.ts)' },
    },
    {
      name: 'product-imports-no-demo',
      severity: 'error',
      from: { path: '^(src|worker)/', pathNot: '\\.test\\.ts$' },
      to: { path: '^demo/' },
    },
    {
      name: 'nobody-imports-eval',
      comment:
        'Evaluation composes the product and the demo cluster; only the command line knows it (decision 0018).',
      severity: 'error',
      from: { pathNot: '^(eval|bin)/' },
      to: { path: '^eval/' },
    },
    {
      name: 'eval-reaches-features-through-their-surface',
      severity: 'error',
      from: { path: '^eval/' },
      to: { path: '^src/features/[^/]+/', pathNot: '^src/features/[^/]+/(server/index\\.ts|schema\\.ts)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(src/generated|\\.next)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
