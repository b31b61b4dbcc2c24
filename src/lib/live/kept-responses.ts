/** One form of it: the bytes, and all headers as they are sent (names and values in turn). */
export interface Packed {
	headers: string[];
	body: Buffer;
}

/** A response that was rendered once and is kept, compressed, for every signed-out reader. */
export interface Kept {
	etag: string;
	forms: Partial<Record<Encoding, Packed>> & { identity: Packed };
	at: number;
	/** Last-Modified in milliseconds, where the answer gave one. */
	modified: number | null;
}

export type Encoding = 'br' | 'gzip' | 'identity';

const slug = '[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?';
const reserved =
	/^\/(?:api|account|sign-in|sign-out|sample|webhooks|calendar|certificates|healthz|readyz|organise|files|new|offline|_app)(?:\/|$)/;
const public_ = new RegExp(
	`^/(?:talk|privacy|accessibility|${slug}(?:/(?:agenda|embed/agenda|speakers|talk|privacy|accessibility|(?:sessions|speakers)/[A-Za-z0-9-]{1,40}))?)?$`
);
const feeds = new RegExp(
	`^/${slug}/(?:agenda\\.ics|schedule\\.json|schedule\\.xml|sessions/[A-Za-z0-9-]{1,40}\\.ics)$`
);

const embedded = new RegExp(`^(?:/(?:fr|es|ar))?/${slug}/embed/agenda(?:\\?|$)`);

/** Whether a page is the same for everyone, whatever cookies they send. */
export function isForStrangers(url: string): boolean {
	return embedded.test(url);
}

/** The key under which a signed-out GET is kept, or null when it is not. `variant` is what else changes the page. */
export function keyOf(url: string, variant: string): string | null {
	const [path = '', query = ''] = url.split('?', 2);
	if (query.length > 200 || path.length > 120) return null;
	const bare = path.replace(/^\/(?:fr|es|ar)(?=\/|$)/, '') || '/';
	const page = bare.replace(/\/?__data\.json$/, '') || '/';
	if (reserved.test(page) || !(public_.test(page) || feeds.test(bare))) return null;
	return `${variant} ${url}`;
}

const brotli = /(?:^|[\s,])br(?!\s*;\s*q=0(?:\.0*)?(?:\s|,|$))(?:[\s,;]|$)/;
const gzip = /(?:^|[\s,])gzip(?!\s*;\s*q=0(?:\.0*)?(?:\s|,|$))(?:[\s,;]|$)/;

/** The best form that a reader takes and that is there. */
export function formFor(accepted: string | undefined, { forms }: Kept): Packed {
	if (accepted === undefined) return forms.identity;
	if (forms.br && brotli.test(accepted)) return forms.br;
	if (forms.gzip && gzip.test(accepted)) return forms.gzip;
	return forms.identity;
}

/** Whether an If-None-Match names this ETag; weakly, as compressed and plain bytes share it. */
export function matches(header: string | undefined, etag: string): boolean {
	const plain = (tag: string) => tag.trim().replace(/^W\//, '');
	return header === '*' || (header ?? '').split(',').some((tag) => plain(tag) === plain(etag));
}

/** Whether an asker without names of what it has, has it by its time (RFC 9110, 13.1.3). */
export function isAsNew(header: string | undefined, modified: number | null): boolean {
	return header !== undefined && modified !== null && modified <= Date.parse(header);
}

/** A bounded store: the least lately used goes first, nothing is older than `maxAge` milliseconds. */
export class KeptResponses {
	readonly #kept = new Map<string, Kept>();
	readonly #pending = new Map<string, Promise<Kept | null>>();
	readonly #limits: { entries: number; bytes: number; maxAge: number };
	#bytes = 0;
	#generation = 0;

	constructor(limits: { entries: number; bytes: number; maxAge: number }) {
		this.#limits = limits;
	}

	get size(): number {
		return this.#kept.size;
	}

	find(key: string, now: number): Kept | null {
		const found = this.#kept.get(key);
		if (!found) return null;
		if (now - found.at > this.#limits.maxAge) {
			this.#remove(key);
			return null;
		}
		this.#kept.delete(key);
		this.#kept.set(key, found);
		return found;
	}

	/** Renders once for all who ask at the same time. What was begun before a `drop` is given but not kept. */
	async make(key: string, render: () => Promise<Kept | null>): Promise<Kept | null> {
		const running = this.#pending.get(key);
		if (running) return running;
		const generation = this.#generation;
		const made = render();
		this.#pending.set(key, made);
		try {
			const kept = await made;
			if (kept && generation === this.#generation) this.#add(key, kept);
			return kept;
		} finally {
			if (this.#pending.get(key) === made) this.#pending.delete(key);
		}
	}

	/** Something changed, or may have: nothing that was rendered before is given to whoever asks from now on. */
	drop(): void {
		this.#generation++;
		this.#kept.clear();
		this.#pending.clear();
		this.#bytes = 0;
	}

	#add(key: string, kept: Kept) {
		this.#remove(key);
		this.#kept.set(key, kept);
		this.#bytes += weight(kept);
		for (const oldest of this.#kept.keys()) {
			if (this.#kept.size <= this.#limits.entries && this.#bytes <= this.#limits.bytes) break;
			this.#remove(oldest);
		}
	}

	#remove(key: string) {
		const found = this.#kept.get(key);
		if (!found) return;
		this.#kept.delete(key);
		this.#bytes -= weight(found);
	}
}

function weight(kept: Kept): number {
	return Object.values(kept.forms).reduce((sum, { body }) => sum + body.length, 500);
}
