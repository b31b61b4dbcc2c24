/* A device's store: its key, its list and the waiting scans, each encrypted with a key that cannot leave this browser. */
import { openDB, type IDBPDatabase } from 'idb';

/** What is stored unencrypted: nothing that names or admits anybody. */
interface Locked {
	id: string;
	iv: Uint8Array<ArrayBuffer>;
	data: ArrayBuffer;
}

/** Opens the store of one Summit. Throws where the browser stores nothing. */
export async function openStore(summit: string): Promise<DoorStore> {
	const db = await openDB(`door-${summit}`, 1, {
		upgrade(fresh) {
			fresh.createObjectStore('keys');
			fresh.createObjectStore('things', { keyPath: 'id' });
			fresh.createObjectStore('scans', { keyPath: 'id' });
		}
	});
	let key = (await db.get('keys', 'own')) as CryptoKey | undefined;
	if (!key) {
		key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
		await db.put('keys', key, 'own');
		// Another page of this browser may have been first.
		key = (await db.get('keys', 'own')) as CryptoKey;
	}
	return new DoorStore(db, key);
}

/** Things by name, and scans by id. */
export class DoorStore {
	readonly #db: IDBPDatabase;
	readonly #key: CryptoKey;

	constructor(db: IDBPDatabase, key: CryptoKey) {
		this.#db = db;
		this.#key = key;
	}

	async #lock(id: string, value: unknown): Promise<Locked> {
		const iv = crypto.getRandomValues(new Uint8Array(12));
		const data = new TextEncoder().encode(JSON.stringify(value));
		return { id, iv, data: await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, this.#key, data) };
	}

	async #open<Value>(locked: Locked | undefined): Promise<Value | null> {
		if (!locked) return null;
		const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: locked.iv }, this.#key, locked.data);
		return JSON.parse(new TextDecoder().decode(plain)) as Value;
	}

	async put(name: string, value: unknown): Promise<void> {
		await this.#db.put('things', await this.#lock(name, value));
	}

	async get<Value>(name: string): Promise<Value | null> {
		return this.#open<Value>((await this.#db.get('things', name)) as Locked | undefined);
	}

	/** Resolves when the data are stored permanently: only then is the answer shown. */
	async putScan(scan: { id: string }): Promise<void> {
		const locked = await this.#lock(scan.id, scan);
		const act = this.#db.transaction('scans', 'readwrite', { durability: 'strict' });
		await Promise.all([act.store.put(locked), act.done]);
	}

	async scans<Scan>(most: number): Promise<Scan[]> {
		const found = (await this.#db.getAll('scans', undefined, most)) as Locked[];
		const opened = await Promise.all(found.map((each) => this.#open<Scan>(each)));
		return opened.filter((each) => each !== null);
	}

	async scan<Scan>(id: string): Promise<Scan | null> {
		return this.#open<Scan>((await this.#db.get('scans', id)) as Locked | undefined);
	}

	async ids(): Promise<string[]> {
		return (await this.#db.getAllKeys('scans')) as string[];
	}

	async dropScans(ids: readonly string[]): Promise<void> {
		const act = this.#db.transaction('scans', 'readwrite');
		await Promise.all([...ids.map((id) => act.store.delete(id)), act.done]);
	}

	/** Deletes the list and the device's own key; waiting scans stay. */
	async wipe(): Promise<void> {
		await this.#db.clear('things');
	}

	close(): void {
		this.#db.close();
	}
}
