import type { ContainerInspectInfo } from 'dockerode';
import type { InfrastructureEnd } from '../infrastructure.ts';

/** How a container ended, with the engine's reason where it has one. */
export function containerEnd({ State, HostConfig }: ContainerInspectInfo): InfrastructureEnd {
  const exitCode = State.ExitCode;
  if (State.OOMKilled) return { exitCode: exitCode === 0 ? 137 : exitCode, reason: outOfMemory(HostConfig.Memory) };
  if (State.Error && exitCode !== 0) return { exitCode, reason: State.Error };
  return { exitCode };
}

function outOfMemory(limit: number | undefined): string {
  if (!limit) return 'the container was ended because its machine ran out of memory';
  return `the container was ended because it used more memory than its limit of ${formatSize(limit)}`;
}

function formatSize(bytes: number): string {
  const units = [
    [1024 ** 3, 'g'],
    [1024 ** 2, 'm'],
    [1024, 'k'],
  ] as const;
  const [size, unit] = units.find(([size]) => bytes % size === 0) ?? [1, 'b'];
  return `${bytes / size}${unit}`;
}
