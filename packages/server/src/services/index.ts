import type { Service } from './service.ts';

/** Every loop of the server. */
export const SERVICES: readonly Service[] = [];
