import { ChevronRight } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Disclosure as AriaDisclosure, Button, DisclosurePanel } from 'react-aria-components';

/** A part that most readers do not need, behind its title. What is in it is made when it is first opened. */
export function Disclosure({
  title,
  children,
  startsOpen = false,
}: {
  title: ReactNode;
  children: ReactNode;
  startsOpen?: boolean;
}) {
  const [opened, setOpened] = useState(startsOpen);
  return (
    <AriaDisclosure defaultExpanded={startsOpen} onExpandedChange={(open) => open && setOpened(true)} className="group/part">
      <div className="text-sm">
        <Button
          slot="trigger"
          className="inline-flex min-h-6 cursor-pointer items-center gap-1 rounded-sm font-medium text-text-2 hover:text-text pointer-coarse:min-h-11"
        >
          <ChevronRight
            size={14}
            aria-hidden
            className="transition-transform duration-100 group-data-[expanded]/part:rotate-90"
          />
          {title}
        </Button>
      </div>
      <DisclosurePanel className="pt-3 empty:hidden">{opened && children}</DisclosurePanel>
    </AriaDisclosure>
  );
}
