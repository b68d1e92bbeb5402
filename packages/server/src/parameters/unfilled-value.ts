/** Stands for a value that a placeholder did not fill: because it cannot be filled, or because only its form was looked at. */
export class UnfilledValue {
  /** Why it cannot be filled; null when it could be. */
  readonly problem: string | null;

  constructor(problem: string | null) {
    this.problem = problem;
  }
}
