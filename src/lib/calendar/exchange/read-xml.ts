import { SaxesParser } from 'saxes';
import { emptyEvent, exchangeLimit, refused, type ExchangeAnswer, type ExchangeFault, type FileEvent } from './file.ts';
import { readTimes } from './times.ts';

class Refusal extends Error {
	readonly fault: ExchangeFault;

	constructor(fault: ExchangeFault) {
		super(fault.code);
		this.fault = fault;
	}
}

type Texts = Partial<Record<string, string>>;

/** What is being read: where in the file, and the event at hand. */
class Reading {
	readonly events: FileEvent[] = [];
	readonly #path: string[] = [];
	readonly #zone: string;
	#text = '';
	#day: string | null = null;
	#room = '';
	#texts: Texts = {};
	#event: FileEvent | null = null;
	#person: string | null = null;
	isSchedule = false;
	fileZone = '';

	constructor(zone: string) {
		this.#zone = zone;
	}

	open(name: string, attributes: Record<string, string>): void {
		this.#path.push(name);
		if (this.#path.length > exchangeLimit.depth) throw new Refusal({ code: 'deep' });
		this.#text = '';
		const path = this.#path.join('/');
		if (path === 'schedule/conference') this.isSchedule = true;
		if (path === 'schedule/day') this.#day = /^\d{4}-\d\d-\d\d/.exec(attributes['date'] ?? '')?.[0] ?? null;
		if (path === 'schedule/day/room') this.#room = attributes['name'] ?? '';
		if (path === 'schedule/day/room/event') {
			if (this.events.length >= exchangeLimit.events) throw new Refusal({ code: 'too_many' });
			this.#texts = {};
			this.#event = { ...emptyEvent(), guid: attributes['guid'] ?? null, code: attributes['code'] ?? null };
		}
		if (path === 'schedule/day/room/event/persons/person')
			this.#person = attributes['code'] ?? attributes['guid'] ?? attributes['id'] ?? null;
	}

	text(words: string): void {
		if (this.#text.length < exchangeLimit.text) this.#text += words.slice(0, exchangeLimit.text - this.#text.length);
	}

	close(): void {
		const path = this.#path.join('/');
		const name = this.#path.pop() ?? '';
		const text = this.#text.replaceAll(/\r\n?/g, '\n').trim();
		if (path === 'schedule/conference/time_zone_name') this.fileZone = text;
		if (this.#event && path === 'schedule/day/room/event/persons/person') {
			if (text !== '') this.#event.persons.push({ name: text, code: this.#person, role: 'speaker' });
		} else if (this.#event && path === `schedule/day/room/event/${name}`) this.#texts[name] = text;
		else if (this.#event && path === 'schedule/day/room/event/recording/optout')
			this.#event.doNotRecord = /^(true|1)$/i.test(text) ? true : /^(false|0)$/i.test(text) ? false : null;
		else if (this.#event && path === 'schedule/day/room/event') this.#finish(this.#event);
		this.#text = '';
	}

	#finish(event: FileEvent): void {
		const of = (name: string) => this.#texts[name] ?? '';
		const given = { date: of('date'), start: of('start'), duration: of('duration'), end: of('end'), day: this.#day };
		this.events.push({
			...event,
			...readTimes(given, this.fileZone || this.#zone),
			url: of('url'),
			title: of('title'),
			subtitle: of('subtitle'),
			abstract: of('abstract'),
			description: of('description'),
			track: of('track'),
			type: of('type'),
			language: of('language'),
			room: of('room') || this.#room,
			day: this.#day
		});
		this.#event = null;
	}
}

/** Reads schedule.xml as a stream; document types and entities of its own are refused. `zone` is for times without an offset. */
export function readXml(text: string, zone: string): ExchangeAnswer {
	const reading = new Reading(zone);
	const parser = new SaxesParser();
	parser.on('doctype', () => {
		throw new Refusal({ code: 'doctype', line: parser.line });
	});
	parser.on('opentag', ({ name, attributes }) => reading.open(name, attributes as Record<string, string>));
	parser.on('text', (words) => reading.text(words));
	parser.on('cdata', (words) => reading.text(words));
	parser.on('closetag', () => reading.close());
	parser.on('error', (error) => {
		const unknown = /undefined entity/i.test(error.message);
		throw new Refusal({ code: unknown ? 'doctype' : 'malformed', line: parser.line });
	});
	try {
		parser.write(text).close();
	} catch (thrown) {
		if (!(thrown instanceof Refusal)) throw thrown;
		return { ok: false, fault: thrown.fault };
	}
	if (!reading.isSchedule) return refused('no_schedule');
	return { ok: true, file: { kind: 'xml', events: reading.events, ignored: [] } };
}
