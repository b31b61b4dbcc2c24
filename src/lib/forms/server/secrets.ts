import { createHash, timingSafeEqual } from 'node:crypto';

const hash = (words: string) => createHash('sha256').update(words).digest();

/** Whether what was sent is the secret; how long it takes tells nothing of it. */
export const isSecret = (given: string, secret: string): boolean => timingSafeEqual(hash(given), hash(secret));
