/* Where the record of erasures lies, and what its lines say: for the app, and for backups, which run without it. */
import { join } from 'node:path';

const line = /^\S+ ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** The file of the record. */
export const erasureLogPath = (env: Record<string, string | undefined>, dataFolder: string): string =>
	env['ERASURE_LOG'] || join(dataFolder, 'erasures.log');

/** The ids of the people whom the text of a record names. */
export const erasedIn = (text: string): Set<string> =>
	new Set(text.split('\n').flatMap((each) => line.exec(each)?.[1] ?? []));
