/** The public keys of badges for Web Crypto; from base64 of SPKI by id. Throws where Ed25519 is unknown. */
export async function importKeys(published: Readonly<Record<string, string>>): Promise<Map<string, CryptoKey>> {
	const keys = new Map<string, CryptoKey>();
	for (const [id, spki] of Object.entries(published)) {
		const bytes = Uint8Array.from(atob(spki), (letter) => letter.charCodeAt(0));
		keys.set(id, await crypto.subtle.importKey('spki', bytes, 'Ed25519', false, ['verify']));
	}
	return keys;
}

/** The device's own time, ISO. */
export function isoTime(at = Date.now()): string {
	return new Date(at).toISOString();
}
