import type { RequestEvent } from '@sveltejs/kit';
import { createHash } from 'node:crypto';
import { filtersFrom } from '#lib/agenda/filters.ts';
import type { Agenda } from '#lib/agenda/session.ts';
import { isZone } from '#lib/i18n/time.ts';
import type { PageFragment } from '#lib/live/fragments.ts';
import type { Summit } from '#lib/summits/summit.ts';
import { themeCookie } from '#lib/ui/theme.ts';
import { readAgenda } from './cache.ts';
import { readMarks } from './sessions.ts';
import { canShare, sharedBody } from './shared.ts';
import { unseenIn } from './unread.ts';

const keptFor = 30_000;
const most = 60;
const route = '/(public)/[summit]/agenda';
// Stands for the reader's name while a page is rendered that others share. No name holds it, and nothing escapes it.
const nameless = '\uE000\uE001';
const namePlace = '<!--part:name-->';

interface Frame {
	html: string;
	headers: Headers;
	until: number;
	/** As it was then: another look at it is another object. */
	summit: Summit;
}

// By the rows themselves, as the entries are: the frame goes with what the database gave.
const frames = new WeakMap<Agenda, Map<string, Frame>>();

function escaped(name: string): PageFragment {
	const words = name.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
	return { bytes: Buffer.from(words), tag: createHash('sha256').update(name).digest('base64url').slice(0, 10) };
}

/** Whatever the frame of a page shows of its reader, but for the name. */
function likenessOf({ locals, url, cookies, request }: RequestEvent, announced: unknown): string {
	// Who has no name yet is called otherwise.
	const displayName = locals.viewer?.displayName ? nameless : '';
	const alike = { ...locals.viewer, accountId: '', personId: '', displayName };
	const saves = request.headers.get('save-data') ?? '';
	return JSON.stringify([url.href, cookies.get(themeCookie) ?? '', saves, locals.unseenChanges, announced, alike]);
}

function frameFrom(html: string, headers: Headers, summit: Summit): Frame | null {
	const parts = html.split(nameless);
	// A page that names its reader in two places is none that this can fill in.
	return parts.length <= 2 ? { html: parts.join(namePlace), headers, until: Date.now() + keptFor, summit } : null;
}

/**
 * The agenda's page for somebody who is signed in: its frame is rendered once for all who see the same rows and have the same ways
 * to go, and gets the reader's name and marks when it is sent; `told` is what else stands on every page of theirs. Null where the
 * page is none to share.
 */
export async function sharedPage(
	event: RequestEvent,
	resolve: () => Promise<Response>,
	told: () => Promise<unknown>
): Promise<Response | null> {
	const { locals, url, request } = event;
	const { viewer, shownSummit: summit, supabase } = locals;
	if (event.route.id !== route || request.method !== 'GET' || event.isDataRequest || !summit) return null;
	if (!viewer?.personId || viewer.displayName.includes(nameless)) return null;
	const filters = filtersFrom(url.searchParams);
	if (!canShare(filters) || (filters.zone !== null && !isZone(filters.zone))) return null;
	const [agenda, marks, announced] = await Promise.all([
		readAgenda(locals, summit.id),
		readMarks(supabase, viewer.personId),
		told()
	]);
	// Counted once for the key and the page: what is somebody's own news is in nobody else's frame.
	await unseenIn(locals, agenda);
	const now = Date.now();
	const name = escaped(viewer.displayName);
	const kept = frames.get(agenda) ?? new Map<string, Frame>();
	frames.set(agenda, kept);
	const key = likenessOf(event, announced);
	const found = kept.get(key);
	if (found && found.until > now && found.summit === summit) {
		const page = { agenda, filters, asked: filters.zone ?? viewer.timeZone, summit, now };
		locals.parts = new Map([
			['agenda', sharedBody(page, marks)],
			['name', name]
		]);
		return new Response(found.html, { headers: new Headers(found.headers) });
	}
	locals.viewer = { ...viewer, displayName: viewer.displayName && nameless };
	const response = await resolve();
	const html = await response.text();
	const frame =
		response.status === 200 && !response.headers.has('set-cookie') && frameFrom(html, response.headers, summit);
	if (!frame) {
		const headers = new Headers(response.headers);
		headers.delete('content-length');
		return new Response(html.replaceAll(nameless, name.bytes.toString()), { status: response.status, headers });
	}
	if (kept.size >= most) kept.clear();
	kept.set(key, frame);
	locals.parts = new Map([...(locals.parts ?? []), ['name', name]]);
	return new Response(frame.html, { headers: new Headers(frame.headers) });
}
