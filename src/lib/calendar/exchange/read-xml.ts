import { SaxesParser } from 'saxes';
import {
	emptyEvent,
	exchangeLimit,
	exchangeRefusal,
	type ExchangeAnswer,
	type ExchangeFault,
	type FileEvent
} from './file.ts';
import { readTimes } from './times.ts';

class Refusal extends Error {
	readonly fault: ExchangeFault;

	constructor(fault: ExchangeFault) {
		super(fault.code);
		this.fault = fault;
	}
}

type Texts = Partial<Record<string, string>>;

// Elements of an event that contain others; everything else in it is text.
const containers = new Set(['persons', 'links', 'attachments', 'recording']);
// Mark-up that starts a line; the words of any other element inside a text belong to the text.
const blocks = new Set([
	'p',
	'br',
	'div',
	'ul',
	'ol',
	'li',
	'tr',
	'pre',
	'blockquote',
	'h1',
	'h2',
	'h3',
	'h4',
	'h5',
	'h6'
]);

/** The state of the reader: the position in the file, and the present event. */
class Reading {
	readonly events: FileEvent[] = [];
	readonly #path: string[] = [];
	readonly #zone: string;
	#text = '';
	/** The depth at which the present text began; deeper elements are mark-up in it. 0: no text. */
	#field = 0;
	#isMarked = false;
	#day: string | null = null;
	#room = '';
	#texts: Texts = {};
	#event: FileEvent | null = null;
	#attributes: Texts = {};
	isSchedule = false;
	isOurs = false;
	readonly head: Texts = {};

	constructor(zone: string) {
		this.#zone = zone;
	}

	open(name: string, attributes: Texts): void {
		this.#path.push(name);
		const depth = this.#path.length;
		if (depth > exchangeLimit.depth) throw new Refusal({ code: 'deep' });
		if (this.#field > 0) {
			this.#isMarked = true;
			if (blocks.has(name)) this.#text += '\n';
			return;
		}
		const path = this.#path.join('/');
		if (path === 'schedule/conference') this.isSchedule = true;
		if (path === 'schedule/generator') this.isOurs = attributes['name'] === 'global-summit';
		if (path === 'schedule/day') {
			this.#day = /^\d{4}-\d\d-\d\d/.exec(attributes['date'] ?? '')?.[0] ?? null;
			this.#room = '';
		}
		if (path === 'schedule/day/room') this.#room = attributes['name'] ?? '';
		if (path === 'schedule/day/room/event' || path === 'schedule/day/event') this.#begin(attributes);
		else if (this.#isField(name)) {
			this.#field = depth;
			this.#text = '';
			this.#isMarked = false;
			this.#attributes = attributes;
		}
	}

	#isField(name: string): boolean {
		const inside = this.#event ? this.#path.slice(this.#path.indexOf('event') + 1) : this.#path.slice(1);
		if (this.#event) return inside.length === 2 || !containers.has(name);
		return (inside.length === 2 && inside[0] === 'conference') || (inside.length === 1 && name === 'base_url');
	}

	#begin(attributes: Texts): void {
		if (this.events.length >= exchangeLimit.events) throw new Refusal({ code: 'too_many' });
		this.#texts = {};
		this.#event = {
			...emptyEvent(),
			guid: attributes['guid']?.trim() || null,
			number: attributes['id']?.trim() || null,
			code: attributes['code']?.trim() || null
		};
	}

	text(words: string): void {
		if (this.#field > 0) this.#text += words;
	}

	close(): void {
		const depth = this.#path.length;
		const name = this.#path.pop() ?? '';
		if (this.#field > 0 && depth > this.#field) {
			if (blocks.has(name)) this.#text += '\n';
		} else if (this.#field > 0) {
			const text = this.#text.replaceAll(/\r\n?/g, '\n').trim();
			this.#field = 0;
			this.#keep(name, this.#isMarked ? text.replaceAll(/[ \t]*\n\s*\n\s*/g, '\n\n') : text);
		} else if (this.#event && name === 'event') this.#finish(this.#event);
		else if (name === 'room') this.#room = '';
	}

	/** Handles a complete text, of the event or of the head. */
	#keep(name: string, text: string): void {
		const container = this.#path.at(-1) ?? '';
		const of = this.#attributes;
		if (!this.#event) this.head[name] ??= text;
		else if (!containers.has(container)) this.#texts[name] = text;
		else if (container === 'persons' && text !== '') {
			const code = of['code'] ?? of['guid'] ?? of['id'] ?? null;
			this.#event.persons.push({ name: text, code, role: 'speaker', biography: '' });
		} else if (container === 'links' || container === 'attachments') {
			const url = of['href'] ?? text;
			if (url !== '') this.#event.origin[container].push({ url, title: of['href'] === undefined ? '' : text });
		} else if (name === 'license') this.#event.origin.license = text;
		else if (name === 'optout')
			this.#event.doNotRecord = /^(true|1)$/i.test(text) ? true : /^(false|0)$/i.test(text) ? false : null;
	}

	#finish(event: FileEvent): void {
		const of = (name: string) => this.#texts[name] ?? '';
		const given = { date: of('date'), start: of('start'), duration: of('duration'), end: of('end'), day: this.#day };
		this.events.push({
			...event,
			...readTimes(given, this.head['time_zone_name'] || this.#zone),
			code: event.code ?? (of('code') || null),
			page: of('url'),
			title: of('title'),
			subtitle: of('subtitle'),
			abstract: of('abstract'),
			description: of('description'),
			track: of('track'),
			type: of('type'),
			language: of('language'),
			room: of('room') || this.#room,
			day: this.#day,
			origin: { ...event.origin, url: of('origin_url'), feedback_url: of('feedback_url'), logo: of('logo') }
		});
		this.#event = null;
	}
}

/** Reads schedule.xml as a stream; refuses document types and custom entities. `zone` is for times without an offset. */
export function readXmlSchedule(text: string, zone: string): ExchangeAnswer {
	const reading = new Reading(zone);
	const parser = new SaxesParser();
	parser.on('doctype', () => {
		throw new Refusal({ code: 'doctype', line: parser.line });
	});
	parser.on('opentag', ({ name, attributes }) => reading.open(name, attributes as Texts));
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
	if (!reading.isSchedule) return exchangeRefusal('no_schedule');
	const { head, events, isOurs } = reading;
	const source = head['acronym'] || head['title'] || '';
	return { ok: true, file: { kind: 'xml', events, ignored: [], source, base: head['base_url'] ?? '', isOurs } };
}
