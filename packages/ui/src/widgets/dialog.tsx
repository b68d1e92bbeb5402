import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { Button, IconButton } from './button.tsx';
import { classNames } from './class-names.ts';

export interface DialogProps {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  children: ReactNode;
  wide?: boolean;
}

/** A layer over the page that must be answered or closed. On small screens it rises from the bottom edge. */
export function Dialog({ title, isOpen, onClose, children, wide }: DialogProps) {
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
      isDismissable
      className="fixed inset-0 z-40 flex items-end justify-center bg-[rgb(0_0_0/0.4)] sm:items-start sm:p-6 sm:pt-[10vh]"
    >
      <Modal
        className={classNames(
          'animate-layer max-h-[90vh] w-full overflow-y-auto rounded-t-lg border bg-surface shadow-2 sm:max-h-[80vh] sm:rounded-lg',
          wide ? 'sm:max-w-2xl' : 'sm:max-w-md',
        )}
      >
        <AriaDialog className="outline-none">
          <div className="sticky top-0 z-10 flex items-center justify-between gap-4 border-b bg-surface px-5 py-3">
            <Heading slot="title" className="text-lg font-semibold">
              {title}
            </Heading>
            <IconButton label="Close" onPress={onClose} icon={<X size={16} aria-hidden />} />
          </div>
          <div className="px-5 py-4">{children}</div>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

/** Asks before something that cannot be undone; names what is hit. */
export function ConfirmDialog({
  verb,
  isPending,
  onConfirm,
  children,
  ...dialog
}: DialogProps & { verb: string; isPending: boolean; onConfirm: () => void }) {
  return (
    <Dialog {...dialog}>
      <div className="text-text-2">{children}</div>
      <div className="mt-5 flex justify-end gap-2">
        <Button onPress={dialog.onClose}>Keep</Button>
        <Button kind="danger" onPress={onConfirm} isDisabled={isPending}>
          {verb}
        </Button>
      </div>
    </Dialog>
  );
}
