import type { AnswerOf } from '#lib/database/calls.ts';
import type { DataClient } from '#lib/database/client.ts';
import type { Changelog } from '#lib/agenda/changes/changes.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import type { TextMap } from '#lib/i18n/locale.ts';

export type { NotifiedPerson } from '#lib/database/answers/agenda/changes.ts';

/** Changes between two releases (null: the newest, and the one before it), as far as the reader may see them. */
export async function readChangelog(
	client: DataClient,
	summit: string,
	from: number | null,
	to: number | null
): Promise<Changelog> {
	const found = await rpc(client, 'read_changelog', { summit, from_number: from, to_number: to });
	return found ?? { from: null, to: null, releases: [], changes: [] };
}

/** What the next release would change, and who would be notified. */
export async function previewRelease(client: DataClient, summit: string): Promise<AnswerOf<'preview_release'>> {
	return rpc(client, 'preview_release', { summit });
}

/** Freezes the draft for everyone to read. `expected`: the newest release that the organiser saw, 0 for none. */
export async function publishRelease(
	client: DataClient,
	summit: string,
	note: TextMap,
	expected: number
): Promise<AnswerOf<'publish_release'>> {
	return rpc(client, 'publish_release', { summit, note, expected });
}
