import { infrastructureWorker } from '../infrastructure-worker.ts';
import type { VertexAiConfiguration } from './configuration.ts';
import { openVertexAi } from './open-vertex-ai.ts';
import { vertexAiVariables } from './variables.ts';

/** Runs flows as custom jobs of Google Vertex AI. */
export const VertexAiWorker = infrastructureWorker<VertexAiConfiguration>({
  type: 'vertex-ai',
  name: 'VertexAIWorker',
  description: 'Execute flow runs as custom jobs of Google Vertex AI, on machines with accelerators where needed.',
  variables: vertexAiVariables,
  open: () => openVertexAi(),
});
