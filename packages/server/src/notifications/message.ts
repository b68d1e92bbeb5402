/** What a notification says. */
export interface NotificationMessage {
  readonly subject: string;
  readonly body: string;
  /** The same for each attempt to send it, so that who gets it twice can tell. */
  readonly id: string;
}

/** Cuts a text to what a service takes. */
export function shortened(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

/** Both texts as one, for services that know no subject. */
export function wholeText({ subject, body }: NotificationMessage, emphasis = ''): string {
  return subject === '' ? body : `${emphasis}${subject}${emphasis}\n${body}`;
}
