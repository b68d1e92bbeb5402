import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query';
import { tell, tellFailure } from '../widgets/toasts.tsx';

/** Something that is done to objects of the server, after which what the page shows of them is read again. */
export function useAction<Argument = void, Answer = unknown>({
  act,
  done,
  quietly,
  stale,
}: {
  act: (argument: Argument) => Promise<Answer>;
  /** What is told when it is done. */
  done?: string;
  /** A form shows by itself what went wrong. */
  quietly?: boolean;
  /** Beginnings of the keys of the queries that it changes. */
  stale: readonly QueryKey[];
}) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: () => {
      if (done !== undefined) tell(done);
    },
    onError: (error) => {
      if (!quietly) tellFailure(error.message);
    },
    onSettled: () => Promise.all(stale.map((queryKey) => queries.invalidateQueries({ queryKey }))),
  });
}
