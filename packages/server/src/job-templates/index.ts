export { type BaseJobTemplate, BaseJobTemplateError, checkBaseJobTemplate } from './base-job-template.ts';
export {
  type BlockLookup,
  BlockNotFoundError,
  type JobVariableRules,
  type VariableLayers,
  validateJobVariables,
} from './job-variables.ts';
export { findPlaceholders } from './placeholders.ts';
export { findWorkerType, workerMetadata } from './worker-metadata.ts';
export type { WorkerType } from './worker-type.ts';
