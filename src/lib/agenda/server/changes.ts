import type { Code } from '#lib/agenda/checks/checks.ts';
import type { DataClient } from '#lib/database/client.ts';
import type { Changelog, SessionChange } from '#lib/agenda/changes/changes.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import type { TextMap } from '#lib/i18n/locale.ts';

/** Changes between two releases (null: the newest, and the one before it), as far as the reader may see them. */
export async function readChangelog(
	client: DataClient,
	summit: string,
	from: number | null,
	to: number | null
): Promise<Changelog> {
	const found = await rpc<Changelog | null>(client, 'read_changelog', { summit, from_number: from, to_number: to });
	return found ?? { from: null, to: null, releases: [], changes: [] };
}

/** A person whom a release concerns, and how they are notified. */
export interface ToldPerson {
	display_name: string;
	is_speaking: boolean;
	sessions: number;
	by: 'mail' | 'page' | 'unreachable';
}

/** The effect of publishing now. */
export interface ReleasePreview {
	status: 'ok' | 'not_allowed';
	/** The newest release; null before the first. */
	number: number | null;
	released_at: string | null;
	changes: SessionChange[];
	/** The checks that block publishing. */
	checks: { code: Code; sessions: { id: string; title: TextMap }[] }[];
	told: Record<'speakers' | 'delegates' | 'mail' | 'page' | 'unreachable', number>;
	people: ToldPerson[];
}

/** The changes of the next release, and who would be notified. */
export async function previewRelease(client: DataClient, summit: string): Promise<ReleasePreview> {
	return rpc(client, 'preview_release', { summit });
}

/** The answer of publishing. */
export interface Published {
	status: 'ok' | 'not_allowed' | 'invalid_note' | 'blocked' | 'published_meanwhile' | 'nothing_to_release';
	number?: number;
	by?: string | null;
	released_at?: string;
}

/** Freezes the draft for everyone to read. `expected`: the newest release that the organiser saw, 0 for none. */
export async function publishRelease(
	client: DataClient,
	summit: string,
	note: TextMap,
	expected: number
): Promise<Published> {
	return rpc(client, 'publish_release', { summit, note, expected });
}
