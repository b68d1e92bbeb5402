import { type FormEvent, useState } from 'react';
import { Dialog, Heading, Input, Label, Modal, ModalOverlay, TextField } from 'react-aria-components';
import { signIn, useSignIn } from '../api/credentials.ts';
import { Button } from '../widgets/button.tsx';
import { INPUT_LOOK } from '../widgets/fields.tsx';

/** Asks who is at the page, over it, so that nothing that was typed is lost. It stays until the server is content. */
export function SignIn() {
  const state = useSignIn();
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  const [keep, setKeep] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn(user, password, keep);
    setPassword('');
  };
  return (
    <ModalOverlay
      isOpen={state !== 'not needed'}
      isKeyboardDismissDisabled
      className="fixed inset-0 z-50 flex items-center justify-center bg-[rgb(0_0_0/0.4)] p-4"
    >
      <Modal className="w-full max-w-sm rounded-lg border bg-surface shadow-2">
        <Dialog className="px-5 py-4 outline-none">
          <Heading slot="title" className="text-lg font-semibold">
            Sign in
          </Heading>
          <form onSubmit={submit} className="mt-4 flex flex-col gap-3">
            <TextField value={user} onChange={setUser} isRequired autoFocus className="flex flex-col gap-1">
              <Label className="text-sm text-text-2">User</Label>
              <Input autoComplete="username" className={INPUT_LOOK} />
            </TextField>
            <TextField value={password} onChange={setPassword} isRequired type="password" className="flex flex-col gap-1">
              <Label className="text-sm text-text-2">Password</Label>
              <Input autoComplete="current-password" className={INPUT_LOOK} />
            </TextField>
            {state === 'refused' && (
              <p role="alert" className="text-sm text-failed-fg">
                The server does not know this user and password.
              </p>
            )}
            <label className="flex items-center gap-2 text-sm">
              <input type="checkbox" checked={keep} onChange={(event) => setKeep(event.target.checked)} />
              Keep me signed in on this machine
            </label>
            <div className="mt-2 flex justify-end">
              <Button kind="primary" type="submit">
                Sign in
              </Button>
            </div>
          </form>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
