/** A unique, foreign-key or check rule of the database refused a change. */
export class IntegrityError extends Error {
  override readonly name = 'IntegrityError';
}

/** The database cannot answer now, and may a moment later: it is locked, restarting, or the connection broke. */
export class StorageUnavailableError extends Error {
  override readonly name: string = 'StorageUnavailableError';
}

/** A read took longer than it may and was given up. */
export class StorageTimeoutError extends StorageUnavailableError {
  override readonly name = 'StorageTimeoutError';
  constructor(options?: ErrorOptions) {
    super(
      'The database took too long to answer and was not waited for. Ask for less, with a narrower filter, or raise PREFECT_SERVER_DATABASE_TIMEOUT.',
      options,
    );
  }
}

/** The database was written by a later version of this product. */
export class NewerDatabaseError extends Error {
  override readonly name = 'NewerDatabaseError';
  constructor(found: number, known: number) {
    super(
      `The database is at version ${found}, but this server only knows versions up to ${known}. Start a newer server, or point this one at another database.`,
    );
  }
}

/** The database holds the tables of another program. */
export class ForeignDatabaseError extends Error {
  override readonly name = 'ForeignDatabaseError';
  constructor(database: string) {
    super(
      `The database ${database} holds tables that this server did not make. Name another with PREFECT_SERVER_DATABASE_CONNECTION_URL, or another folder with PREFECT_HOME.`,
    );
  }
}

/** The folder or file of the database cannot be used. */
export class StorageLocationError extends Error {
  override readonly name = 'StorageLocationError';
}
