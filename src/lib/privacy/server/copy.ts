import { toJsonSchema } from '@valibot/to-json-schema';
import { downloadZip } from 'client-zip';
import { render } from 'svelte/server';
import type { CopyOfPerson } from '#lib/database/answers/privacy.ts';
import { direction, isLocale, locale } from '#lib/i18n/locale.ts';
import { withLocale } from '#lib/i18n/server/request-locale.ts';
import { isZone } from '#lib/i18n/zone.ts';
import { siteOrigin } from '#lib/mail/context.ts';
import { writeMail } from '#lib/mail/templates.ts';
import { theSealer } from '#lib/people/sealing.ts';
import DataCopyPage from '../components/DataCopyPage.svelte';
import { dataCopySchema, openRows, type DataCopy } from '../copy.ts';

type CopiedFile = CopyOfPerson['files'][number];

/** The name of a file, and its bytes; null when they are missing, or cannot be opened any more. */
interface CopiedFiles {
	name: (file: CopiedFile) => string;
	open: (file: CopiedFile) => Promise<Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | null>;
}

interface Entry {
	name: string;
	lastModified: Date;
	input: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;
}

const open = (sealed: string, keyId: string, place: string) => theSealer().open(sealed, keyId, place);

function mailOf({ at, template, locale, params, summit, wording }: CopyOfPerson['mails'][number], zone: string) {
	const language = isLocale(locale) ? locale : 'en';
	const written = withLocale(language, () =>
		writeMail(template, { params: { ...params, events: [] }, summit, zone, origin: siteOrigin() }, language, wording)
	);
	return { at, subject: written?.subject ?? template, text: written?.text ?? '' };
}

function zoneOf(copy: CopyOfPerson): string {
	const chosen = copy.tables.find(({ name }) => name === 'public.person_preferences')?.rows[0]?.['time_zone'];
	return typeof chosen === 'string' && isZone(chosen) ? chosen : 'UTC';
}

// Two files may have one name.
const pathOf = (name: string, position: number) => `files/${String(position + 1).padStart(2, '0')} ${name}`;

/** What `data.json` contains: sealed values are opened, mails written again in their own language. */
function dataCopy(copy: CopyOfPerson, files: CopiedFiles): DataCopy {
	return {
		...copy,
		format: 1,
		tables: copy.tables.map((table) => ({ ...table, rows: openRows(table.rows, open) })),
		mails: copy.mails.map((mail) => mailOf(mail, zoneOf(copy))),
		files: copy.files.map((file, position) => pathOf(files.name(file), position))
	};
}

function pageOf(copy: DataCopy, zone: string): string {
	const { head, body } = render(DataCopyPage, { props: { copy, zone } });
	return `<!doctype html><html lang="${locale()}" dir="${direction()}"><head><meta charset="utf-8">${head}</head><body>${body}</body></html>`;
}

async function* entriesOf(copy: CopyOfPerson, data: DataCopy, page: string, files: CopiedFiles): AsyncGenerator<Entry> {
	const lastModified = new Date(copy.made_at);
	yield { name: 'index.html', lastModified, input: page };
	yield { name: 'data.json', lastModified, input: JSON.stringify(data, null, '\t') };
	yield { name: 'data.schema.json', lastModified, input: JSON.stringify(toJsonSchema(dataCopySchema), null, '\t') };
	for (const [position, file] of copy.files.entries()) {
		const input = await files.open(file);
		if (input) yield { name: pathOf(files.name(file), position), lastModified, input };
	}
}

/** An archive of everything about a person, with its page in the present language. Files are read while it is sent. */
export function dataArchive(copy: CopyOfPerson, files: CopiedFiles): ReadableStream<Uint8Array> | null {
	// Written now: while the archive is sent, the language of the request is not known any more.
	const data = dataCopy(copy, files);
	return downloadZip(entriesOf(copy, data, pageOf(data, zoneOf(copy)), files)).body;
}
