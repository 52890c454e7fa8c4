/** More alerts than any sender puts into one payload; each is a transaction of its own. */
export const ALERTS_PER_PAYLOAD = 1_000;
/** A signature that names its time is good for this long: clocks differ, a recorded delivery is older. */
export const SIGNATURE_MAX_AGE_MS = 5 * 60_000;
/** A certificate, or the answer to a confirmation, of Amazon's hosts: one try, and how many. SNS waits 15 s for our answer. */
export const AMAZON_TIMEOUT_MS = 4_000;
export const AMAZON_TRIES = 2;
/** Certificates are about 2 kB, confirmations 1 kB of XML. */
export const AMAZON_MAX_BYTES = 64 * 1024;
/** A certificate is fetched once a day per process; there is one per region, and each is renewed yearly. */
export const CERTIFICATE_CACHE_MS = 24 * 3_600_000;
export const CERTIFICATE_CACHE_SIZE = 100;
/** What SNS is told to wait when Amazon's host does not answer us. */
export const AMAZON_RETRY_SECONDS = 30;
