import { Plus, Tag, X } from 'lucide-react';
import { useState } from 'react';
import { Button, Dialog, DialogTrigger, Form, Input, Label, Popover, TextField } from 'react-aria-components';
import { INPUT_LOOK } from '../widgets/fields.tsx';

/** The tags that a list is narrowed to, each with a cross, and a place to type one more. */
export function TagFilter({ tags, onChange }: { tags: readonly string[]; onChange: (tags: string[]) => void }) {
  const [draft, setDraft] = useState('');
  return (
    <>
      {tags.map((tag) => (
        <span
          key={tag}
          className="inline-flex h-8 items-center gap-1 rounded-md border border-accent/40 bg-accent-soft ps-2.5 pe-1 text-sm text-accent-fg"
        >
          <Tag size={12} aria-hidden />
          {tag}
          <Button
            aria-label={`Remove the tag ${tag}`}
            onPress={() => onChange(tags.filter((other) => other !== tag))}
            className="flex size-6 cursor-pointer items-center justify-center rounded-sm hover:bg-surface"
          >
            <X size={12} aria-hidden />
          </Button>
        </span>
      ))}
      <DialogTrigger>
        <Button className="inline-flex h-8 pointer-coarse:h-11 cursor-pointer items-center gap-1.5 rounded-md border bg-surface px-2.5 text-sm shadow-1 hover:bg-surface-2">
          <Plus size={13} aria-hidden className="text-text-2" />
          Tag
        </Button>
        <Popover placement="bottom start" className="animate-layer z-40 w-56 rounded-lg border bg-surface p-3 shadow-2">
          <Dialog aria-label="Add a tag" className="outline-none">
            {({ close }) => (
              <Form
                onSubmit={(event) => {
                  event.preventDefault();
                  const tag = draft.trim();
                  if (tag && !tags.includes(tag)) onChange([...tags, tag]);
                  setDraft('');
                  close();
                }}
              >
                <TextField value={draft} onChange={setDraft} autoFocus className="flex flex-col gap-1">
                  <Label className="text-sm">Only with the tag</Label>
                  <Input className={INPUT_LOOK} />
                </TextField>
              </Form>
            )}
          </Dialog>
        </Popover>
      </DialogTrigger>
    </>
  );
}
