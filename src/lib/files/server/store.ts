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

/** Where the bytes of files lie. Objects are written once, under a random name, and are there whole or not at all. */
export interface FileStore {
	/** Takes a file of this machine over; it is gone from its place afterwards. */
	put(name: string, path: string, mediaType: string): Promise<void>;
	/** The bytes of an object, or null when it is not there. */
	open(name: string, range?: Range): Promise<ReadableStream<Uint8Array> | null>;
	/** Removes objects; those that are not there are no error. */
	remove(names: readonly string[]): Promise<void>;
	/** All names, some at a time. */
	list(): AsyncIterable<string[]>;
}

/** A name for a new object: 160 random bits, in letters that every store takes. */
export function objectName(): string {
	return [...randomBytes(32)].map((byte) => 'abcdefghijklmnopqrstuvwxyz234567'[byte % 32]).join('');
}

const dataFolder = () => process.env['DATA_DIR'] ?? '.data';
const ownFolder = () => process.env['FILES_DIR'];

/** Where uploads wait while they are looked at: on the disk of this machine, whatever the store is. */
export function incomingFolder(): string {
	return join(ownFolder() ?? join(dataFolder(), 'files'), 'incoming');
}

/** The store that the environment names: a folder where FILES_DIR is set, which the local engines do; else Supabase Storage. */
export function fileStore(): FileStore {
	const folder = ownFolder();
	if (folder) return folderStore(join(folder, 'objects'));
	return storageStore(administrationClient(), process.env['FILES_BUCKET'] || 'files');
}

/** The whole of an object in memory; null when it is not there. */
export async function bytesOf(name: string): Promise<Uint8Array<ArrayBuffer> | null> {
	const stream = await fileStore().open(name);
	return stream && new Uint8Array(await new Response(stream).arrayBuffer());
}
