import { openAsBlob } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { DataClient } from '#lib/database/client.ts';
import type { FileStore } from './store.ts';

/**
 * The lifetime of a link into the bucket, in seconds. Only this server follows it; people get the bytes from our own
 * route.
 */
const linkLives = 60;
const page = 1000;

interface Refusal {
	message: string;
	status?: number | undefined;
	/** A status as text, or a code: "404", "NoSuchKey". */
	statusCode?: string | undefined;
}

const statusOf = ({ status, statusCode }: Refusal) => Number(statusCode) || status || 0;
// A missing object is answered with 400 or 404, depending on the server's version.
const isAbsent = (refusal: Refusal) =>
	statusOf(refusal) === 404 ||
	(statusOf(refusal) === 400 && /not.?found|NoSuch/i.test(`${refusal.message} ${refusal.statusCode}`));
const failed = (what: string, refusal: Refusal) =>
	new Error(`Storage did not ${what} (${statusOf(refusal) || 'no answer'}).`);

/**
 * Objects in a private bucket of Supabase Storage, reached with the service role's key. The bucket is made with the
 * first object.
 */
export function storageStore(client: DataClient, bucket: string): FileStore {
	const objects = () => client.storage.from(bucket);

	async function makeBucket(): Promise<void> {
		const { error } = await client.storage.createBucket(bucket, { public: false });
		// Another process was first.
		if (error && statusOf(error) !== 409 && !/exist/i.test(error.message)) throw failed('make the bucket', error);
	}

	async function upload(name: string, path: string, mediaType: string): Promise<Refusal | null> {
		// Streamed from the disk, never held whole in memory.
		const { error } = await objects().upload(name, await openAsBlob(path, { type: mediaType }), {
			contentType: mediaType,
			upsert: false
		});
		return error;
	}

	return {
		async put(name, path, mediaType) {
			let refusal = await upload(name, path, mediaType);
			if (refusal && /bucket/i.test(refusal.message) && isAbsent(refusal)) {
				await makeBucket();
				refusal = await upload(name, path, mediaType);
			}
			if (refusal) throw failed('take the file', refusal);
			await rm(path, { force: true });
		},
		async open(name, range) {
			const { data, error } = await objects().createSignedUrl(name, linkLives);
			if (error && isAbsent(error)) return null;
			if (error) throw failed('give a link', error);
			const answer = await fetch(data.signedUrl, {
				headers: range ? { range: `bytes=${range.start}-${range.end}` } : {}
			});
			if (answer.status === (range ? 206 : 200)) return answer.body;
			await answer.body?.cancel();
			const refusal = { message: answer.status === 400 ? 'not found' : '', status: answer.status };
			if (isAbsent(refusal)) return null;
			throw failed('give the file', refusal);
		},
		async remove(names) {
			if (names.length === 0) return;
			const { error } = await objects().remove([...names]);
			if (error && !isAbsent(error)) throw failed('remove files', error);
		},
		async *list() {
			for (let offset = 0; ; offset += page) {
				const { data, error } = await objects().list('', {
					limit: page,
					offset,
					sortBy: { column: 'name', order: 'asc' }
				});
				if (error && isAbsent(error)) return;
				if (error) throw failed('list files', error);
				yield data.map(({ name }) => name);
				if (data.length < page) return;
			}
		}
	};
}
