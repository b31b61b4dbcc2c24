/* Files that answer questions, while a form with them is saved. No I/O. */
import type { FileFault } from '#lib/files/kinds.ts';
import type { OwnField } from './logistics.ts';

/** A stored file, as the database takes it as an answer. */
export interface StoredFile {
	/** The facts, sealed. */
	sealed: string;
	key_id: string;
	object: string;
	/** The key of the object, sealed. */
	file_key: string;
}

/** The files that came with a form, by the names of their fields. */
export interface AnswerFiles {
	has: (name: string) => boolean;
	/** Checks a file and stores it sealed; or what is wrong with it. */
	store: (field: Pick<OwnField, 'id' | 'file_sort'>, name: string) => Promise<StoredFile | FileFault>;
	/** Deletes what was stored and is not needed after all. */
	abandon: (files: readonly StoredFile[]) => Promise<void>;
}
