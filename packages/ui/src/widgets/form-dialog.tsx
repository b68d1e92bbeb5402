import type { FormEvent, ReactNode } from 'react';
import { Button } from './button.tsx';
import { Dialog, type DialogProps } from './dialog.tsx';

/** A layer with a form in it: what is asked, what went wrong with it, and one verb that sends it. */
export function FormDialog({
  verb,
  isPending,
  problem,
  onSubmit,
  children,
  ...dialog
}: DialogProps & {
  verb: string;
  isPending: boolean;
  /** Why it could not be sent. */
  problem?: string | undefined;
  onSubmit: () => void;
  children: ReactNode;
}) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // A form in a layer of React's tree stands inside the form of its page, which must not be sent with it.
    event.stopPropagation();
    onSubmit();
  };
  return (
    <Dialog {...dialog}>
      <form onSubmit={submit} noValidate className="space-y-4">
        {children}
        {problem && (
          <p role="alert" className="rounded-md bg-failed-bg px-3 py-2 text-sm break-words text-failed-fg">
            {problem}
          </p>
        )}
        <div className="flex justify-end gap-2 pt-1">
          <Button onPress={dialog.onClose}>Leave it</Button>
          <Button kind="primary" type="submit" isDisabled={isPending}>
            {verb}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
