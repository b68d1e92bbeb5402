/** Where and how a result is kept; travels as the `data` of a state (contract, SDK 19.3). */
export interface ResultMetadata {
  readonly storage_key: string;
  readonly expiration: string | null;
  readonly serializer: { readonly type: string; readonly [option: string]: unknown };
  readonly prefect_version: string;
  readonly storage_block_id: string | null;
}
