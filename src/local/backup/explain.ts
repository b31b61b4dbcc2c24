/* What went wrong, in a sentence for the person who gave the command, and in one word for the row of the run. */
import type { BackupRun } from '../../lib/database/answers/backup.ts';
import { BucketError } from '../../lib/files/s3.ts';

/** Why a run failed, without a path or an address. */
export type BackupFault = NonNullable<BackupRun['fault']>;

/** A refusal in a sentence for people that has a word for the row of the run. */
export class BackupError extends Error {
	readonly fault: BackupFault;

	constructor(fault: BackupFault, sentence: string, options?: ErrorOptions) {
		super(sentence, options);
		this.fault = fault;
	}
}

const sentences: Record<string, string> = {
	ECONNREFUSED: 'The database does not answer: nothing listens there.',
	ENOTFOUND: 'The database does not answer: its host is not known.',
	ETIMEDOUT: 'The database does not answer.',
	ECONNRESET: 'The connection to the database broke.',
	'28P01': 'The database refuses the password.',
	'57P01': 'The database was stopped.',
	'57P03': 'The database is starting, or stopping: try again.',
	ERR_MODULE_NOT_FOUND: 'This image has no PostgreSQL of its own: give the command in a checkout of the software.',
	ENOSPC: 'There is no space left on the disk.',
	EDQUOT: 'There is no space left on the disk.',
	EROFS: 'The folder cannot be written to.',
	EACCES: 'The folder or file cannot be used by this user.',
	EPERM: 'The folder or file cannot be used by this user.'
};

/** A sentence for people, with what the system says of it. */
export function explain(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	if (error instanceof BucketError) return explainBucket(error);
	const { code } = error as { code?: unknown };
	const first = error instanceof AggregateError ? (error.errors[0] as unknown) : undefined;
	if (first) return explain(first);
	const sentence = typeof code === 'string' ? sentences[code] : undefined;
	if (sentence) return `${sentence} (${error.message})`;
	if (/Connection terminated|not queryable/.test(error.message))
		return `The connection to the database broke. (${error.message})`;
	if (/file is (?:too short|truncated)|unexpected end of (?:file|stream)|invalid tag|decrypt/i.test(error.message))
		return `A file of the backup was cut off or changed. (${error.message})`;
	return error.message;
}

function explainBucket({ status, message }: BucketError): string {
	if ((status >= 300 && status < 400) || message.includes('AuthorizationHeaderMalformed'))
		return `The bucket is in another region, or at another address, than BACKUP_S3_REGION and BACKUP_S3_ENDPOINT say: ${message}.`;
	return `The bucket did not do what was asked: ${status === 0 ? message.slice(2) || 'no answer' : message}.`;
}

const faults: Record<string, BackupFault> = {
	ENOSPC: 'no_space',
	EDQUOT: 'no_space',
	EROFS: 'place',
	EACCES: 'place',
	EPERM: 'place',
	ENOENT: 'place',
	ENOTDIR: 'place',
	EEXIST: 'place',
	EIO: 'place'
};

/** The same in one word. */
export function faultOf(error: unknown): BackupFault {
	if (error instanceof BackupError) return error.fault;
	if (error instanceof BucketError) return 'place';
	const { code } = error as { code?: unknown };
	if (typeof code === 'string' && faults[code]) return faults[code];
	const isOfDatabase =
		(typeof code === 'string' && (code in sentences || /^[0-9A-Z]{5}$/.test(code))) || error instanceof AggregateError;
	return isOfDatabase || /Connection terminated|not queryable|connection to the database/i.test(explain(error))
		? 'database'
		: 'other';
}
