/** Who may import whom. See CONTRIBUTING.md. */
const packages = ['protocol', 'sdk', 'server', 'worker', 'cli', 'ui'];
const allowed = {
  protocol: [],
  sdk: ['protocol'],
  server: ['protocol'],
  ui: ['protocol'],
  worker: ['sdk', 'protocol'],
  cli: ['protocol', 'sdk', 'server', 'worker'],
};

export default {
  forbidden: [
    ...packages.map((name) => ({
      name: `${name}-imports-only-${allowed[name].join('-') || 'itself'}`,
      severity: 'error',
      from: { path: `^packages/${name}/(src|bin)/` },
      to: { path: `^packages/(${packages.filter((other) => other !== name && !allowed[name].includes(other)).join('|')})/` },
    })),
    {
      name: 'no-circles',
      comment: 'Two files that need each other are one subject, or one of them needs less than it takes.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'query-builder-in-one-file',
      comment: 'Import #kysely: the package itself is 255 files, a third of the start-up time.',
      severity: 'error',
      from: { path: '^packages/server/src/', pathNot: '^packages/server/src/generated/' },
      to: { path: 'node_modules/kysely', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'server-rules-do-no-io',
      severity: 'error',
      from: { path: '^packages/server/src/orchestration/rules/' },
      to: { path: '^packages/server/src/(storage|api|resources|services|events)/|^node:' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Tests may import what they test, and use syntax that the parser does not know yet.
    exclude: { path: '(^|/)(dist|node_modules|test)/|\\.test\\.tsx?$' },
    parser: 'swc',
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.json'],
    },
  },
};
