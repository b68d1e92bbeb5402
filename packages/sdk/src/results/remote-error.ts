import { PrefectError } from '../errors.ts';

/** An exception that a Python run left behind. */
export class RemoteError extends PrefectError {
  override readonly code = 'REMOTE_ERROR';
  /** Full name of the Python class, for example `builtins.ValueError`. */
  readonly pyType: string;

  constructor(message: string, pyType: string) {
    super(message);
    this.pyType = pyType;
  }
}
