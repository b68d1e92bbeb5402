import { isMissingPackage } from './platform-client.ts';

/** A package that only some steps need is not installed. */
export class MissingPackageError extends Error {
  override readonly name = 'MissingPackageError';

  constructor(packageName: string, purpose: string, cause: unknown) {
    super(`${purpose} needs the package ${packageName}, which is not installed. Run: npm install ${packageName}`, { cause });
  }
}

/**
 * Loads a package that not everybody has.
 *
 * @param purpose what needs it, as the start of a sentence
 * @param load the import itself, so that its types are known
 * @throws MissingPackageError
 * @example await loadPackage('@aws-sdk/client-s3', 'Storage on S3', () => import('@aws-sdk/client-s3'))
 */
export async function loadPackage<Module>(packageName: string, purpose: string, load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch (error) {
    if (isMissingPackage(error, packageName)) throw new MissingPackageError(packageName, purpose, error);
    throw error;
  }
}
