import { csvFaultWords } from '#lib/files/csv-words.ts';
import { exchangeLimit, type ExchangeFault } from './file.ts';

/** A fault as a sentence for organisers. */
export function exchangeFaultWords({ code, line, detail, csv }: ExchangeFault): string {
	const where = line ? ` (line ${line})` : '';
	switch (code) {
		case 'empty':
			return 'The file is empty.';
		case 'too_large':
			return `The file is too large: at most ${exchangeLimit.bytes / 1_000_000} MB. Nothing was read.`;
		case 'too_many':
			return `The file has more than ${exchangeLimit.events.toLocaleString('en')} events. Nothing was read; divide it.`;
		case 'compressed':
			return 'The file is packed. Unpack it, and choose the file inside.';
		case 'encoding':
			return `The file is not written in the encoding that it names${detail ? ` (${detail})` : ''}. Save it as UTF-8.`;
		case 'doctype':
			return `The file declares a document type or entities${where}. Such files are not read, for they can name other files or grow without end. Export it without them.`;
		case 'malformed':
			return `The file breaks off or is not well formed${where}${detail ? `: ${detail}` : ''}.`;
		case 'deep':
			return `The file nests deeper than any schedule does${where}.`;
		case 'no_schedule':
			return 'The file is well formed, but no schedule: there is no “schedule” with a “conference” and days in it.';
		case 'no_columns':
			return `No column is called “title”, nor are there “session” and “name”. The first line reads: ${detail ?? ''}.`;
		case 'csv':
			return csv ? csvFaultWords(csv) : 'The table cannot be read.';
	}
}
