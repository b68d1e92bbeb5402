export { flowsIn, importModule, loadFlow } from './load-flow.ts';
