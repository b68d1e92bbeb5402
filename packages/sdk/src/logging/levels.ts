/** Levels of logs, as numbers on the wire. */
export const LEVELS = { DEBUG: 10, INFO: 20, WARNING: 30, ERROR: 40, CRITICAL: 50 } as const;

export type LevelName = keyof typeof LEVELS;
