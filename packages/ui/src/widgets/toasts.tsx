import { CircleAlert, CircleCheck, X } from 'lucide-react';
import {
  Text,
  UNSTABLE_Toast as Toast,
  UNSTABLE_ToastContent as ToastContent,
  UNSTABLE_ToastQueue as ToastQueue,
  UNSTABLE_ToastRegion as ToastRegion,
} from 'react-aria-components';
import { IconButton } from './button.tsx';

interface Message {
  text: string;
  failed: boolean;
}

const queue = new ToastQueue<Message>({ maxVisibleToasts: 3 });

/** Tells in passing that something was done. */
export function tell(text: string): void {
  queue.add({ text, failed: false }, { timeout: 5000 });
}

/** Tells that something could not be done, and stays until it is closed. */
export function tellFailure(text: string): void {
  queue.add({ text, failed: true });
}

/** Where the messages show: the lower right corner. */
export function Toasts() {
  return (
    <ToastRegion queue={queue} className="fixed end-4 bottom-18 z-50 flex flex-col-reverse gap-2 outline-none sm:bottom-4">
      {({ toast }) => (
        <Toast
          toast={toast}
          className="animate-layer flex max-w-96 items-center gap-2 rounded-lg border bg-surface py-1.5 ps-3 pe-1.5 text-sm shadow-2 outline-none"
        >
          {toast.content.failed ? (
            <CircleAlert size={16} aria-hidden className="shrink-0 text-failed-fg" />
          ) : (
            <CircleCheck size={16} aria-hidden className="shrink-0 text-completed-fg" />
          )}
          <ToastContent className="min-w-0 flex-1 break-words">
            <Text slot="title">{toast.content.text}</Text>
          </ToastContent>
          <IconButton label="Close" slot="close" icon={<X size={14} aria-hidden />} />
        </Toast>
      )}
    </ToastRegion>
  );
}
