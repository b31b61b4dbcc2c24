import { barePath } from '#lib/i18n/locale.ts';
import { LRUCache } from 'lru-cache';

/** One encoding of it: the bytes, and all headers as they are sent (names and values in turn). */
export interface EncodedBody {
	headers: string[];
	body: Buffer;
}

/** A response that was rendered once and is cached, compressed, for every signed-out reader. */
export interface CachedResponse {
	etag: string;
	encodings: Partial<Record<Encoding, EncodedBody>> & { identity: EncodedBody };
	at: number;
	/** Last-Modified in milliseconds, where the answer gave one. */
	modified: number | null;
}

export type Encoding = 'br' | 'gzip' | 'identity';

const slug = '[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?';
const reserved =
	/^\/(?:api|account|sign-in|sign-out|sample|webhooks|calendar|certificates|healthz|readyz|status|organise|files|new|offline|community|_app)(?:\/|$)/;
const public_ = new RegExp(
	`^/(?:talk|privacy|accessibility|${slug}(?:/(?:agenda|embed/agenda|speakers|talk|privacy|accessibility|(?:sessions|speakers)/[A-Za-z0-9-]{1,40}))?)?$`
);
const feeds = new RegExp(
	`^/${slug}/(?:agenda\\.ics|schedule\\.json|schedule\\.xml|sessions/[A-Za-z0-9-]{1,40}\\.ics)$`
);

const embedded = new RegExp(`^/${slug}/embed/agenda(?:\\?|$)`);

/** Whether a page is the same for everyone, whatever cookies they send. */
export function isAlwaysAnonymous(url: string): boolean {
	return embedded.test(barePath(url));
}

/** The cache key of a signed-out GET, or null when it is not cached. `variant` is what else changes the page. */
export function cacheKey(url: string, variant: string): string | null {
	const [path = '', query = ''] = url.split('?', 2);
	if (query.length > 200 || path.length > 120) return null;
	const bare = barePath(path);
	const page = bare.replace(/\/?__data\.json$/, '') || '/';
	if (reserved.test(page) || !(public_.test(page) || feeds.test(bare))) return null;
	return `${variant} ${url}`;
}

const brotli = /(?:^|[\s,])br(?!\s*;\s*q=0(?:\.0*)?(?:\s|,|$))(?:[\s,;]|$)/;
const gzip = /(?:^|[\s,])gzip(?!\s*;\s*q=0(?:\.0*)?(?:\s|,|$))(?:[\s,;]|$)/;

/** The best available encoding that the client accepts. */
export function bestEncoding(accepted: string | undefined, { encodings }: CachedResponse): EncodedBody {
	if (accepted === undefined) return encodings.identity;
	if (encodings.br && brotli.test(accepted)) return encodings.br;
	if (encodings.gzip && gzip.test(accepted)) return encodings.gzip;
	return encodings.identity;
}

/** Whether an If-None-Match names this ETag; weakly, as compressed and plain bytes share it. */
export function etagMatches(header: string | undefined, etag: string): boolean {
	const plain = (tag: string) => tag.trim().replace(/^W\//, '');
	return header === '*' || (header ?? '').split(',').some((tag) => plain(tag) === plain(etag));
}

/** Whether a client without an ETag has it, by its date (RFC 9110, 13.1.3). */
export function isNotModified(header: string | undefined, modified: number | null): boolean {
	return header !== undefined && modified !== null && modified <= Date.parse(header);
}

/** A bounded cache: the least recently used goes first, nothing is older than `maxAge` milliseconds. */
export class ResponseCache {
	readonly #entries: LRUCache<string, CachedResponse>;
	readonly #pending = new Map<string, Promise<CachedResponse | null>>();
	readonly #maxAge: number;
	#generation = 0;

	constructor({ entries, bytes, maxAge }: { entries: number; bytes: number; maxAge: number }) {
		this.#entries = new LRUCache({ max: entries, maxSize: bytes, sizeCalculation: sizeOf });
		this.#maxAge = maxAge;
	}

	get size(): number {
		return this.#entries.size;
	}

	find(key: string, now: number): CachedResponse | null {
		const found = this.#entries.get(key);
		if (!found || now - found.at <= this.#maxAge) return found ?? null;
		this.#entries.delete(key);
		return null;
	}

	/** Renders once for all simultaneous requests. A response that was begun before a `clear` is returned but not cached. */
	async make(key: string, render: () => Promise<CachedResponse | null>): Promise<CachedResponse | null> {
		const running = this.#pending.get(key);
		if (running) return running;
		const generation = this.#generation;
		const made = render();
		this.#pending.set(key, made);
		try {
			const cached = await made;
			if (cached && generation === this.#generation) this.#entries.set(key, cached);
			return cached;
		} finally {
			if (this.#pending.get(key) === made) this.#pending.delete(key);
		}
	}

	/** Something changed, or may have: nothing that was rendered before is returned from now on. */
	clear(): void {
		this.#generation++;
		this.#entries.clear();
		this.#pending.clear();
	}
}

function sizeOf(cached: CachedResponse): number {
	return Object.values(cached.encodings).reduce((sum, { body }) => sum + body.length, 500);
}
