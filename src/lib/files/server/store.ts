import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { administrationClient } from '#lib/database/server/supabase.ts';
import { folderStore } from './folder-store.ts';
import { storageStore } from './storage-store.ts';

/** A part of an object, both ends included. */
export interface Range {
	start: number;
	end: number;
}

/** The store for the bytes of files. Objects are written once, under a random name, and are complete or missing. */
export interface FileStore {
	/** Moves a file of this machine into the store. */
	put(name: string, path: string, mediaType: string): Promise<void>;
	/** The bytes of an object, or null when it is missing. */
	open(name: string, range?: Range): Promise<ReadableStream<Uint8Array> | null>;
	/** Deletes objects; missing ones are no error. */
	remove(names: readonly string[]): Promise<void>;
	/** All names, in pages. */
	list(): AsyncIterable<string[]>;
}

/** A name for a new object: 160 random bits, in characters that every store accepts. */
export function objectName(): string {
	return [...randomBytes(32)].map((byte) => 'abcdefghijklmnopqrstuvwxyz234567'[byte % 32]).join('');
}

const dataFolder = () => process.env['DATA_DIR'] ?? '.data';
const ownFolder = () => process.env['FILES_DIR'];

/** Where uploads wait while they are checked: on the disk of this machine, whatever the store is. */
export function incomingFolder(): string {
	return join(ownFolder() ?? join(dataFolder(), 'files'), 'incoming');
}

/** The configured store: a folder where FILES_DIR is set, which the local engines do; else Supabase Storage. */
export function fileStore(): FileStore {
	const folder = ownFolder();
	if (folder) return folderStore(join(folder, 'objects'));
	return storageStore(administrationClient(), process.env['FILES_BUCKET'] || 'files');
}

/** A whole object in memory; null when it is missing. */
export async function bytesOf(name: string): Promise<Uint8Array<ArrayBuffer> | null> {
	const stream = await fileStore().open(name);
	return stream && new Uint8Array(await new Response(stream).arrayBuffer());
}
