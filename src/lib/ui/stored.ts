/* What a browser stores for a page. In a browser that stores nothing, by its settings or for want of space, nothing fails. */

/** `device`: until it is deleted there; `tab`: until the tab is closed. */
export type StorageScope = 'device' | 'tab';

const storage = (where: StorageScope): Storage => (where === 'device' ? localStorage : sessionStorage);

/** The text that is stored under a name, or null. */
export function readStored(name: string, where: StorageScope = 'device'): string | null {
	try {
		return storage(where).getItem(name);
	} catch {
		return null;
	}
}

/** The stored value, which may be anything; null also where it is no JSON. */
export function readStoredValue(name: string, where: StorageScope = 'device'): unknown {
	try {
		return JSON.parse(readStored(name, where) ?? 'null') as unknown;
	} catch {
		return null;
	}
}

/** Stores a text under a name, or deletes it (null). Answers whether the browser did so. */
export function storeText(name: string, text: string | null, where: StorageScope = 'device'): boolean {
	try {
		if (text === null) storage(where).removeItem(name);
		else storage(where).setItem(name, text);
		return true;
	} catch {
		return false;
	}
}

/** Stores a value as JSON. Answers whether the browser did so. */
export const storeValue = (name: string, value: unknown, where: StorageScope = 'device'): boolean =>
	storeText(name, JSON.stringify(value), where);
