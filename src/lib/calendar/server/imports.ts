import { exchangeFaultWords } from '#lib/calendar/exchange/fault-words.ts';
import type { AnswerOf } from '#lib/database/calls.ts';
import { byStatus } from '#lib/database/by-status.ts';
import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { isId } from '#lib/forms/ids.ts';
import { runInWorker } from '#lib/forms/server/run-in-worker.ts';
import { locales } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import type { Summit } from '#lib/summits/summit.ts';
import type { ExchangeDraft, ImportChoices } from '#lib/calendar/exchange/draft.ts';
import { exchangeLimit, exchangeRefusal, type ExchangeAnswer } from '#lib/calendar/exchange/file.ts';
import { planImport } from '#lib/calendar/exchange/plan.ts';
import type { ScheduleImportPreview } from '#lib/database/answers/calendar.ts';

/** The result for a row. */
export const scheduleImportOutcomes = ['new', 'changed', 'same', 'cannot'] as const;
type ScheduleImportOutcome = (typeof scheduleImportOutcomes)[number];

/** The draft as an import compares with it, and as it is exported. */
export function readExchangeDraft(client: DataClient, summit: string): Promise<ExchangeDraft | null> {
	return rpc(client, 'read_exchange_draft', { summit });
}

// In a separate thread, because a file of 5 MB takes a second.
async function readInWorker(upload: File, zone: string): Promise<ExchangeAnswer> {
	if (upload.size > exchangeLimit.bytes) return exchangeRefusal('too_large');
	const bytes = new Uint8Array(await upload.arrayBuffer());
	return (
		(await runInWorker<ExchangeAnswer>('#lib/calendar/exchange/read.ts', 'readExchange', [bytes, zone])) ??
		exchangeRefusal('too_many')
	);
}

/** Reads a file and stores a preview: the preview's id, or why the file cannot be imported. */
export async function prepareScheduleImport(
	client: DataClient,
	summit: Summit,
	upload: File,
	choices: ImportChoices
): Promise<{ id: string } | { fault: string }> {
	const read = await readInWorker(upload, summit.zone);
	if (!read.ok) return { fault: exchangeFaultWords(read.fault) };
	const draft = await readExchangeDraft(client, summit.id);
	if (!draft) return { fault: m.calendar_fault_draft() };
	if (read.file.events.length === 0) return { fault: m.calendar_fault_no_events() };
	const plan = planImport(read.file.events, {
		draft,
		rooms: summit.rooms,
		tracks: summit.tracks,
		formats: summit.formats,
		zone: summit.zone,
		startsOn: summit.starts_on,
		endsOn: summit.ends_on,
		file: read.file,
		notePrefixes: locales.map((locale) => `${m.ui_content_note({}, { locale })}: `),
		choices
	});
	const made = await rpc(client, 'prepare_schedule_import', {
		summit: summit.id,
		file: {
			name: upload.name.slice(0, 120),
			kind: read.file.kind,
			events: read.file.events.length,
			ignored: read.file.ignored.slice(0, 20).map((name) => name.slice(0, 60)),
			day_begins: plan.dayBegins
		},
		additions: plan.additions,
		rows: plan.rows
	});
	return byStatus(made, {
		ok: ({ id }) => ({ id }),
		too_many: () => ({ fault: m.calendar_fault_too_many_rows() }),
		invalid: () => ({ fault: m.calendar_fault_invalid() }),
		not_allowed: () => ({ fault: m.calendar_fault_not_allowed() })
	});
}

/** One page of the reader's own preview; null when there is none. */
export async function readScheduleImport(
	client: DataClient,
	id: string,
	outcome: ScheduleImportOutcome | null,
	page: number,
	size = 50
): Promise<ScheduleImportPreview | null> {
	if (!isId(id)) return null;
	const found = await rpc(client, 'read_schedule_import', {
		import: id,
		outcomes: outcome ? [outcome] : [],
		page_size: size,
		page_start: (page - 1) * size
	});
	return found?.id ? found : null;
}

/** Applies the preview. */
export async function applyScheduleImport(
	client: DataClient,
	id: string
): Promise<AnswerOf<'apply_schedule_import'>['status']> {
	return (await rpc(client, 'apply_schedule_import', { import: id })).status;
}
