/** The version of the REST API that this product speaks. */
export const API_VERSION = '0.8.4';

/** The oldest version of the REST API that the server still accepts from a client. */
export const MINIMUM_API_VERSION = '0.8.0';

/** The version of the product whose API this is; Python clients compare it with their own. */
export const COMPATIBLE_VERSION = '3.8.8';
