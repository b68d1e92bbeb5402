import type { ReactNode } from 'react';
import { Tabs as AriaTabs, Tab, TabList, TabPanel } from 'react-aria-components';

export interface TabSpec<Id extends string> {
  id: Id;
  title: string;
  count?: number | undefined;
}

/** Tabs whose choice belongs to the caller, who keeps it in the URL. */
export function Tabs<Id extends string>({
  label,
  tabs,
  selected,
  onSelect,
  children,
}: {
  label: string;
  tabs: TabSpec<Id>[];
  selected: Id;
  onSelect: (id: Id) => void;
  children: ReactNode;
}) {
  return (
    <AriaTabs
      selectedKey={selected}
      onSelectionChange={(key) => {
        const tab = tabs.find((candidate) => candidate.id === key);
        if (tab && tab.id !== selected) onSelect(tab.id);
      }}
      keyboardActivation="manual"
    >
      <div className="-mx-4 overflow-x-auto border-b px-4 sm:mx-0 sm:px-0">
        <TabList aria-label={label} className="flex gap-1">
          {tabs.map((tab) => (
            <Tab
              key={tab.id}
              id={tab.id}
              className="-mb-px flex h-10 cursor-pointer items-center gap-1.5 border-b-2 border-transparent px-3 text-sm font-medium whitespace-nowrap text-text-2 outline-offset-[-2px] hover:text-text data-[selected]:border-accent data-[selected]:text-text"
            >
              {tab.title}
              {tab.count !== undefined && (
                <span className="tabular rounded-full bg-surface-2 px-1.5 text-xs text-text-2">
                  {tab.count.toLocaleString('en')}
                </span>
              )}
            </Tab>
          ))}
        </TabList>
      </div>
      <TabPanel id={selected} className="pt-4 outline-none">
        {children}
      </TabPanel>
    </AriaTabs>
  );
}
