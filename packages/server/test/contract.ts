import type { OperationName } from '@prefect-ts/protocol';
import { contract, SchemaCompiler } from '@prefect-ts/protocol/contract';
import { expect } from 'vitest';

const compiler = new SchemaCompiler(contract.components.schemas);

/** Checks that an answer is what the contract document says of an operation, member by member. */
export function expectContract(name: OperationName, body: unknown): void {
  const [method = '', path = ''] = name.split(' ');
  const responses = contract.paths[path]?.[method.toLowerCase()]?.responses ?? {};
  const success = Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1];
  const schema = Object.values(success?.content ?? {})[0]?.schema;
  if (!schema) throw new Error(`The contract document says nothing about what "${name}" answers.`);
  const outcome = compiler.compile(schema, 'answer')(body);
  expect(outcome).toEqual({ ok: true, value: body });
}
