import type { BlockDocumentCreate } from '@prefect-ts/protocol';
import { call } from '../api/client.ts';
import { useAction } from './use-action.ts';

const SHOWN = [['block-documents'], ['block-document']];

export function useCreateBlock() {
  return useAction({
    act: (body: BlockDocumentCreate) => call('POST /block_documents/', { body }),
    done: 'The block is saved',
    quietly: true,
    stale: SHOWN,
  });
}

/** Changes members of a block; those that are not given stay. */
export function useEditBlock(id: string) {
  return useAction({
    act: (data: Record<string, unknown>) =>
      call('PATCH /block_documents/{id}', { path: { id }, body: { data, merge_existing_data: true } }),
    done: 'The block is saved',
    quietly: true,
    stale: SHOWN,
  });
}

export function useDeleteBlock(id: string) {
  return useAction({
    act: () => call('DELETE /block_documents/{id}', { path: { id } }),
    done: 'The block is deleted',
    stale: [['block-documents']],
  });
}
