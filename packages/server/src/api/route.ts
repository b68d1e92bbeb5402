import type { OperationName, Operations, UpdatedBy } from '@prefect-ts/protocol';
import type { Core } from '../core.ts';
import type { ClientVersions } from '../orchestration/transition.ts';

/** A request whose path, query and body the contract's schemas have checked. */
export interface ApiRequest<Name extends OperationName> {
  readonly path: Operations[Name]['path'];
  readonly query: Operations[Name]['query'];
  readonly body: NonNullable<Operations[Name]['body']>;
  /** The body as it was sent, for the few who need its numbers to the letter. */
  readonly text: string;
  /** Whether the sender named this member of the body, rather than the contract's default. */
  sent(member: string): boolean;
  readonly header: (name: string) => string | undefined;
  readonly client: ClientVersions;
  /** Who made the request, where its headers say so. */
  readonly createdBy: UpdatedBy | null;
  /** Scheme and host as the client wrote them. */
  readonly baseUrl: string;
}

/** An answer with another status than the contract's first one. */
export class Reply<Value> {
  readonly status: number;
  readonly value: Value;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, value: Value, headers: Readonly<Record<string, string>> = {}) {
    this.status = status;
    this.value = value;
    this.headers = headers;
  }
}

/** Text that goes out as it is, with its own content type. */
export class RawText {
  readonly text: string;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(text: string, contentType: string, headers: Readonly<Record<string, string>> = {}) {
    this.text = text;
    this.contentType = contentType;
    this.headers = headers;
  }
}

type Answer<Name extends OperationName> = Operations[Name]['answer'] | RawText;

export type Handler<Name extends OperationName> = (
  request: ApiRequest<Name>,
  core: Core,
) => Promise<Answer<Name> | Reply<Answer<Name>>> | Answer<Name> | Reply<Answer<Name>>;

/** Operations of the contract and what carries them out. A file of `api/` is one such table. */
export type Routes = { readonly [Name in OperationName]?: Handler<Name> };
