import type { DataClient } from '#lib/database/client.ts';
import { anonymousClient } from '#lib/database/server/supabase.ts';
import { subscribe } from '#lib/live/server/listener.ts';
import { affectsCache } from '#lib/live/topics.ts';
import { isSlug, type Summit } from '#lib/summits/summit.ts';

const keptFor = 60_000;
const most = 200;

interface Kept<Value> {
	value: Promise<Value>;
	until: number;
}

const summits = new Map<string, Kept<Summit | null>>();
let current: Kept<string | null> | undefined;
let open: Kept<string[]> | undefined;
let hearing = false;

/** Drops every kept Summit. */
export function forgetSummits(): void {
	summits.clear();
	current = undefined;
	open = undefined;
}

function hear() {
	if (hearing) return;
	hearing = true;
	subscribe({
		onEvent: (news) => {
			if (affectsCache(news)) forgetSummits();
		},
		resync: forgetSummits
	});
}

async function read(client: DataClient, slug: string): Promise<Summit | null> {
	const { data, error } = await client.rpc('read_summit', { slug });
	if (error) throw new Error(`read_summit was refused (${error.code}).`);
	return summitFrom(data);
}

// A function that finds nothing answers null, or a row of nulls.
function summitFrom(data: unknown): Summit | null {
	if (typeof data !== 'object' || data === null || !('id' in data) || typeof data.id !== 'string') return null;
	const found = data as Partial<Summit> & Pick<Summit, 'id'>;
	return { ...found, texts: found.texts ?? {}, contacts: found.contacts ?? [] } as Summit;
}

/** The Summit of a slug as everyone sees it; for a signed-in reader also one that only they may see (a draft). */
export async function findSummit(slug: string, reader: DataClient | null): Promise<Summit | null> {
	if (!isSlug(slug)) return null;
	hear();
	let found = summits.get(slug);
	if (!found || found.until < Date.now()) {
		if (summits.size >= most) summits.clear();
		found = { value: read(anonymousClient(), slug), until: Date.now() + keptFor };
		summits.set(slug, found);
		found.value.catch(() => summits.delete(slug));
	}
	const summit = await found.value;
	// What a reader alone may see is never kept for others.
	return summit ?? (reader ? read(reader, slug) : null);
}

/** The slug of the current Summit, or null before the first one opens. */
export async function currentSlug(): Promise<string | null> {
	hear();
	if (!current || current.until < Date.now()) {
		const value = readCurrent();
		current = { value, until: Date.now() + keptFor };
		value.catch(() => (current = undefined));
	}
	return current.value;
}

async function readCurrent(): Promise<string | null> {
	const { data, error } = await anonymousClient().rpc('current_summit');
	if (error) throw new Error(`current_summit was refused (${error.code}).`);
	return typeof data === 'string' && data !== '' ? data : null;
}

/** The slugs of all Summits that anybody may read, the newest first. */
export async function openSlugs(): Promise<string[]> {
	hear();
	if (!open || open.until < Date.now()) {
		const value = readOpen();
		open = { value, until: Date.now() + keptFor };
		value.catch(() => (open = undefined));
	}
	return open.value;
}

async function readOpen(): Promise<string[]> {
	const { data, error } = await anonymousClient()
		.from('summits')
		.select('slug')
		.neq('state', 'draft')
		.order('starts_on', { ascending: false })
		.order('created_at', { ascending: false })
		.limit(100);
	if (error) throw new Error(`The Summits were refused (${error.code}).`);
	return (data as { slug: string }[]).map(({ slug }) => slug);
}
