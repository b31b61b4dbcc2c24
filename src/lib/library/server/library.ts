import type { AnswerOf } from '#lib/database/calls.ts';
import type {
	LibraryChoices,
	LibraryFound,
	LibraryItem,
	LibraryWork,
	TiedDocuments
} from '#lib/database/answers/library.ts';
import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import type { Enums } from '#lib/database/types.ts';
import { locale } from '#lib/i18n/locale.ts';
import type { LibraryFilters } from '../filters.ts';

/** What the reader finds, in the language of the page. */
export function searchLibrary(client: DataClient, { q, page, ...choice }: LibraryFilters): Promise<LibraryFound> {
	const chosen = Object.fromEntries(Object.entries(choice).filter(([, value]) => value !== ''));
	return rpc(client, 'search_library', { question: q, choice: chosen, shown_in: locale(), page });
}

/** One published item, in the shown version or an earlier one; null where there is none or the reader may not read it. */
export function readItem(client: DataClient, code: string, number: number | null): Promise<LibraryItem | null> {
	return rpc(client, 'read_library_item', { code, ...(number !== null && { number }) });
}

/** Why an item was withdrawn, for those who could read it. */
export function readWithdrawn(client: DataClient, code: string): Promise<AnswerOf<'read_withdrawn_item'>> {
	return rpc(client, 'read_withdrawn_item', { code });
}

/** What forms offer, and what the reader may do. */
export function readChoices(client: DataClient): Promise<LibraryChoices> {
	return rpc(client, 'library_choices');
}

/** The documents that are tied to a thing; null where the reader does not see it. `summit`: the slug, of a session. */
export function listTiedDocuments(
	client: DataClient,
	kind: 'group' | 'session' | 'commitment' | 'member',
	code: string,
	summit?: string
): Promise<TiedDocuments | null> {
	return rpc(client, 'list_tied_documents', { kind, code, ...(summit !== undefined && { summit }) });
}

/** The items on which the reader works. */
export function listWork(client: DataClient): Promise<AnswerOf<'list_library_work'>> {
	return rpc(client, 'list_library_work');
}

/** One item for those who work on it; null for everybody else. */
export function readWork(client: DataClient, code: string): Promise<LibraryWork | null> {
	return rpc(client, 'read_library_work', { code });
}

/** Drafts an item (null), saves its draft, or begins its next version. */
export function saveItem(client: DataClient, item: string | null, revision: number, fields: object) {
	return rpc(client, 'save_library_item', { item, revision, fields: { ...fields } });
}

/** Takes a step with the newest version. */
export function stepItem(
	client: DataClient,
	item: string,
	taken: { revision: number; step: Enums<'library_step'>; reason: string }
) {
	return rpc(client, 'step_library_item', { item, ...taken });
}

/** Deletes a draft that was never submitted. */
export function deleteDraft(client: DataClient, item: string, revision: number) {
	return rpc(client, 'delete_library_draft', { item, revision });
}

/** Deletes a version that was begun after another was published. */
export function discardVersion(client: DataClient, item: string, revision: number) {
	return rpc(client, 'discard_library_version', { item, revision });
}

/** Removes a file of the draft. */
export function removeFile(client: DataClient, file: string) {
	return rpc(client, 'remove_library_file', { file });
}
