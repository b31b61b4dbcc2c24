import { organiseActs, organiseGroups } from './menu.ts';
import type { Viewer } from '#lib/accounts/viewer.ts';
import type { FoundItem } from '#lib/database/answers/organising.ts';
import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { folded } from '#lib/forms/folded.ts';
import { href, text } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import type { FoundGroup, FoundLine } from '../found.ts';
import type { NavSummit } from '#lib/ui/navigation.ts';

const kinds: Record<FoundItem['kind'], { label: () => string; path: (item: FoundItem) => string }> = {
	registration: { label: m.organising_find_registration, path: ({ id }) => `/registrations/${id}` },
	member: { label: m.organising_find_member, path: ({ id }) => `/members/${id}` },
	session: { label: m.organising_find_session, path: ({ id }) => `/agenda/${id}` },
	proposal: { label: m.organising_find_proposal, path: ({ id }) => `/proposals/${id}` },
	order: { label: m.organising_find_order, path: ({ id }) => `/orders/${id}` }
};

/** The query of an address, as far as it is read. */
export const queryOf = ({ searchParams }: URL): string => (searchParams.get('q') ?? '').slice(0, 100);

/**
 * What the words of a query find at a Summit, by kind: people, members, sessions, proposals and orders that the
 * reader's roles open, then acts and pages of theirs. Nothing for an empty query.
 */
export async function findAnything(
	client: DataClient,
	viewer: Viewer,
	place: NavSummit,
	query: string
): Promise<FoundGroup[]> {
	const words = folded(query);
	if (words === '') return [];
	const items = await rpc(client, 'find_in_summit', { summit: place.id, query });
	const base = `/${place.slug}/organise`;
	const titleOf = ({ label }: FoundItem) => (typeof label === 'string' ? label : text(label).text);
	const found = (Object.keys(kinds) as FoundItem['kind'][]).map((kind) => ({
		label: kinds[kind].label(),
		lines: items
			.filter((item) => item.kind === kind)
			.map((item) => ({ label: titleOf(item), detail: item.detail ?? '', href: href(base + kinds[kind].path(item)) }))
	}));
	const moves = items
		.filter(({ kind }) => kind === 'session')
		.map((item) => ({
			label: m.organising_find_move({ title: titleOf(item) }),
			detail: item.detail ?? '',
			href: href(`${base}/agenda/${item.id}/move`)
		}));
	const named = ({ label }: { label: string }) => words.split(/\s+/).every((word) => folded(label).includes(word));
	const line = (entry: { label: string; href: string }): FoundLine => ({
		label: entry.label,
		detail: '',
		href: href(entry.href)
	});
	const pages = organiseGroups(viewer, place).flatMap(({ entries }) => entries);
	return [
		...found,
		{ label: m.organising_find_acts(), lines: [...organiseActs(viewer, place).filter(named).map(line), ...moves] },
		{ label: m.organising_find_pages(), lines: pages.filter(named).map(line) }
	].filter(({ lines }) => lines.length > 0);
}
