export * from './error-answers.ts';
export type * from './generated/api.ts';
export * from './ids.ts';
export * from './states.ts';
export * from './time.ts';
export * from './versions.ts';
