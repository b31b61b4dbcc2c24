import { oneLine, severalLines } from '#lib/forms/one-line.ts';
import type { ExchangeFile, FileEvent } from './file.ts';

/** An event with its texts as we store them: names and titles on one line, texts without control characters. Nothing is cut. */
function plainEvent(event: FileEvent): FileEvent {
	const maybe = (text: string | null) => (text === null ? null : oneLine(text) || null);
	return {
		...event,
		guid: maybe(event.guid),
		number: maybe(event.number),
		code: maybe(event.code),
		title: oneLine(event.title),
		subtitle: oneLine(event.subtitle),
		abstract: severalLines(event.abstract),
		description: severalLines(event.description),
		contentNote: severalLines(event.contentNote),
		track: oneLine(event.track),
		type: oneLine(event.type),
		room: oneLine(event.room),
		persons: event.persons
			.map((person) => ({
				...person,
				name: oneLine(person.name),
				code: maybe(person.code),
				biography: severalLines(person.biography)
			}))
			.filter(({ name }) => name !== '')
	};
}

/** A file that was read, ready for planning. */
export function plainFile(file: ExchangeFile): ExchangeFile {
	return { ...file, source: oneLine(file.source).slice(0, 120), events: file.events.map(plainEvent) };
}
