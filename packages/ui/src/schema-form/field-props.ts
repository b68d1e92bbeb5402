import type { InputProps } from './scalar-inputs.tsx';
import type { Field, Schema } from './schema.ts';

/** What a parameter needs to be asked for: its name, what is known of it, its value. */
export interface SchemaFieldProps {
  name: string;
  schema: Schema;
  root: Schema;
  required: boolean;
  /** What counts when nothing is given. */
  fallback: unknown;
  value: unknown;
  onChange: (value: unknown) => void;
  problem?: string | undefined;
  depth?: number;
}

/** What the widget of a value needs, whatever kind it is. */
export type ValueInputProps = InputProps & { field: Field; schema: Schema; root: Schema; depth: number };
