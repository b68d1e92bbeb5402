import { enableCompileCache } from 'node:module';

enableCompileCache();
const { executeAndExit } = await import('./execute-and-exit.ts');
await executeAndExit(process.env.PREFECT__FLOW_RUN_ID ?? process.argv[2] ?? '');
