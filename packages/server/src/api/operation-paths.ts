import type { OperationName } from '@prefect-ts/protocol';

/** An operation that an address names, with the values of its parameters, decoded. */
export interface MatchedOperation {
  readonly name: OperationName;
  readonly parameters: Readonly<Record<string, string>>;
}

/** What is known after some segments of an address. */
interface Branch {
  readonly fixed: Map<string, Branch>;
  /** What follows a parameter in the next place, whatever its value. */
  any: Branch | undefined;
  /** The operations whose paths end here, by method, with the names of their parameters from left to right. */
  readonly operations: Map<string, Leaf>;
}

interface Leaf {
  readonly name: OperationName;
  readonly parameters: readonly string[];
}

/**
 * Finds operations by method and path. All paths of the contract consist of whole segments, fixed or parameters, so a tree of segments does;
 * a route of the web framework for each of them would take a tenth of the server's start.
 */
export class OperationPaths {
  readonly #root = branch();

  constructor(operations: readonly OperationName[]) {
    for (const name of operations) {
      const [method = '', path = ''] = name.split(' ');
      const parameters: string[] = [];
      let place = this.#root;
      for (const segment of path.split('/')) {
        if (segment.startsWith('{')) {
          parameters.push(segment.slice(1, -1));
          place.any ??= branch();
          place = place.any;
        } else {
          const next = place.fixed.get(segment) ?? branch();
          place.fixed.set(segment, next);
          place = next;
        }
      }
      place.operations.set(method, { name, parameters });
    }
  }

  /** @param path the address below the base path, as it was sent and without its query. */
  match(method: string, path: string): MatchedOperation | undefined {
    const segments = path.split('/');
    const values: string[] = [];
    const found = search(this.#root, segments, 0, method, values);
    if (!found) return undefined;
    const parameters: Record<string, string> = {};
    for (const [index, parameter] of found.parameters.entries()) {
      const value = decoded(values[index] ?? '');
      if (value === undefined) return undefined;
      parameters[parameter] = value;
    }
    return { name: found.name, parameters };
  }
}

function branch(): Branch {
  return { fixed: new Map(), any: undefined, operations: new Map() };
}

/** A fixed segment goes before a parameter, where it leads to an operation of this method. */
function search(place: Branch, segments: readonly string[], index: number, method: string, values: string[]): Leaf | undefined {
  const segment = segments[index];
  if (segment === undefined) return place.operations.get(method);
  const next = place.fixed.get(segment);
  const found = next && search(next, segments, index + 1, method, values);
  if (found || !place.any || segment === '') return found;
  values.push(segment);
  const inAny = search(place.any, segments, index + 1, method, values);
  if (!inAny) values.pop();
  return inAny;
}

function decoded(text: string): string | undefined {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    // Not an encoding of anything: no object has such a name.
    return undefined;
  }
}
