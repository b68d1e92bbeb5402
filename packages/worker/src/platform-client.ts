/** The library that speaks with a platform is not installed: workers bring none, as most people need one or two of them. */
export class MissingPlatformClientError extends Error {
  override readonly name = 'MissingPlatformClientError';
  /** The package to install. */
  readonly packageName: string;

  constructor(packageName: string, workerType: string) {
    super(
      `A worker of type '${workerType}' needs the package '${packageName}', which is not installed. Install it with \`npm install ${packageName}\`.`,
    );
    this.packageName = packageName;
  }
}

/**
 * Loads the library of a platform.
 *
 * @example const docker = await loadPlatformClient('docker', 'dockerode', () => import('dockerode'));
 * @throws {MissingPlatformClientError} when it is not installed
 */
export async function loadPlatformClient<Module>(
  workerType: string,
  packageName: string,
  load: () => Promise<Module>,
): Promise<Module> {
  try {
    return await load();
  } catch (error) {
    if (isMissingPackage(error, packageName)) throw new MissingPlatformClientError(packageName, workerType);
    throw error;
  }
}

/** Whether an import failed for want of a package. One that is there but lacks one of its own is broken, which is another matter. */
export function isMissingPackage(error: unknown, packageName: string): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    error.code === 'ERR_MODULE_NOT_FOUND' &&
    error.message.includes(`'${packageName}'`)
  );
}
