import { join } from 'node:path';

/** The sample's recording; `make.ts` beside it has made it. */
export const recordingFile = join(import.meta.dirname, 'session.webm');

/** How long it is. */
export const recordingSeconds = 20;
