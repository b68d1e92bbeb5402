import { enableCompileCache } from 'node:module';

enableCompileCache();
const { executeFlowRun } = await import('./execute.ts');
const { writeWaitingLines } = await import('../logging/console.ts');

const code = await executeFlowRun(process.env.PREFECT__FLOW_RUN_ID ?? process.argv[2] ?? '');
writeWaitingLines();
// What user code left open does not keep the process of a finished run.
process.exit(code);
