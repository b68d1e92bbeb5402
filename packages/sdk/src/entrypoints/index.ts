export { blocksIn, tasksIn } from './exported.ts';
export { flowsIn, importModule, loadFlow } from './load-flow.ts';
