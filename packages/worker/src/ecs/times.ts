/** The waits of work with ECS; tests shorten them. All in seconds. */
export interface EcsTimes {
  /** Before a task that could not be placed is tried again; up to {@link retryJitter} is added. */
  readonly retry: number;
  readonly retryJitter: number;
  /** Between looks at the tasks of a cluster. */
  readonly poll: number;
  /** The longest wait between looks while AWS cannot be reached. */
  readonly longestPoll: number;
  /** How long a task that was just started may be unknown to ECS. */
  readonly appearance: number;
  /** How long what a task printed may take to reach its log. */
  readonly logDelay: number;
}

export const ECS_TIMES: EcsTimes = { retry: 1, retryJitter: 3, poll: 5, longestPoll: 60, appearance: 60, logDelay: 5 };
