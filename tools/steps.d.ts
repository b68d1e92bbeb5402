export class StepError extends Error {
  constructor(message: string, hint: string, details?: string);
  readonly hint: string;
  readonly details: string;
}
export function step<T>(title: string | ((result: T) => string), work: () => Promise<T>, command?: string): Promise<T>;
export function heading(text: string): void;
export function tellFailure(error: unknown): void;
export function dim(text: string): string;
