/*
 * The rules of the exchange format's published schemas (c3voc's schedule.xml.xsd and schema.json), in our words: of the XSD both revisions
 * in use, the one until 2023 and the present one, so only what both allow.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SaxesParser } from 'saxes';
import { session } from '../../../tests/fixtures/agenda.ts';
import { originOf } from './exchange/origin.ts';
import { scheduleJson, scheduleOf, type Schedule } from './schedule.ts';
import { scheduleXml } from './schedule-xml.ts';

interface Element {
	name: string;
	attributes: Record<string, string>;
	children: Element[];
	text: string;
}

function parse(xml: string): Element {
	const root: Element = { name: '', attributes: {}, children: [], text: '' };
	const open = [root];
	const parser = new SaxesParser();
	parser.on('opentag', ({ name, attributes }) => {
		const made: Element = { name, attributes: { ...attributes } as Record<string, string>, children: [], text: '' };
		open.at(-1)?.children.push(made);
		open.push(made);
	});
	parser.on('text', (text) => {
		const inner = open.at(-1);
		if (inner) inner.text += text;
	});
	parser.on('closetag', () => open.pop());
	parser.write(xml).close();
	return root.children[0] ?? root;
}

const uuid = /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;
const dateTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/;
const patterns: Record<string, RegExp> = {
	date: dateTime,
	start: /^[0-2]\d:[0-5]\d$/,
	duration: /^\d{1,2}:\d\d$/,
	// Until 2023 a number was in between; the present revision accepts that too.
	slug: /^[a-z0-9_]{4,}-[0-9]{1,6}-[a-z0-9\-_]{4,}$/,
	url: /^https?:\/\/./,
	logo: /^https?:\/\/./,
	feedback_url: /^https?:\/\/./
};
const conferenceChildren = [
	'title',
	'acronym',
	'start',
	'end',
	'days',
	'timeslot_duration',
	'base_url',
	'time_zone_name'
];
// These are optional; all others belong to no revision, or to one only.
const maybeChildren = ['logo', 'feedback_url'];
const eventChildren = [
	'room',
	'title',
	'subtitle',
	'type',
	'date',
	'start',
	'duration',
	'abstract',
	'slug',
	'track',
	'persons',
	'language',
	'description',
	'recording',
	'links',
	'attachments',
	'url'
];

function faultsOfXml(schedule: Element): string[] {
	const faults: string[] = [];
	const need = (holds: boolean, what: string) => void (holds || faults.push(what));
	need(
		schedule.children
			.map(({ name }) => name)
			.join()
			.replace(/(,day)+$/, '') === 'generator,version,conference',
		'order'
	);
	const days = schedule.children.filter(({ name }) => name === 'day');
	need(days.length > 0, 'no day');
	const events = days.flatMap((day) => day.children.flatMap(({ children }) => children));
	for (const { attributes } of days) {
		need(/^\d{4}-\d\d-\d\d$/.test(attributes['date'] ?? ''), 'day date');
		need(dateTime.test(attributes['start'] ?? '') && dateTime.test(attributes['end'] ?? ''), 'day times');
		need(/^[1-9]\d*$/.test(attributes['index'] ?? ''), 'day index');
	}
	for (const { attributes, children } of events) {
		need(uuid.test(attributes['guid'] ?? ''), 'guid');
		need(/^[1-9]\d*$/.test(attributes['id'] ?? ''), 'id');
		need(Object.keys(attributes).sort().join() === 'guid,id', 'attributes of an event');
		need(
			children
				.map(({ name }) => name)
				.filter((name) => !maybeChildren.includes(name))
				.sort()
				.join() === [...eventChildren].sort().join(),
			'children of an event'
		);
		for (const { name, text } of children) need(patterns[name]?.test(text) ?? true, `${name}: ${text}`);
		const persons = children.find(({ name }) => name === 'persons')?.children ?? [];
		for (const person of persons)
			need(
				Object.keys(person.attributes).join() === 'id' && /^[1-9]\d*$/.test(person.attributes['id'] ?? ''),
				'person'
			);
		for (const list of children.filter(({ name }) => name === 'links' || name === 'attachments'))
			for (const one of list.children)
				need(one.name === list.name.slice(0, -1) && Object.keys(one.attributes).join() === 'href', one.name);
		const recording = children.find(({ name }) => name === 'recording')?.children ?? [];
		need(recording.map(({ name }) => name).join() === 'license,optout', 'recording');
		need(/^(true|false)$/.test(recording[1]?.text ?? ''), 'optout');
	}
	for (const key of ['guid', 'id', 'slug']) {
		const values = events.flatMap(
			({ attributes, children }) => attributes[key] ?? children.find(({ name }) => name === key)?.text ?? []
		);
		need(new Set(values).size === values.length, `${key} twice`);
	}
	const conference = schedule.children.find(({ name }) => name === 'conference')?.children ?? [];
	need(
		conference
			.map(({ name }) => name)
			.every((name, at, all) => conferenceChildren.includes(name) && all.indexOf(name) === at),
		'conference'
	);
	need(/^[a-z0-9_-]{4,}$/.test(conference.find(({ name }) => name === 'acronym')?.text ?? ''), 'acronym');
	return faults;
}

// The JSON's schema allows no other.
const eventKeys = new Set(
	'guid code id logo date start end duration room slug url title subtitle track type language abstract description recording_license do_not_record do_not_stream persons links feedback_url origin_url attachments'.split(
		' '
	)
);

function faultsOfJson({ version, base_url, conference }: Schedule): string[] {
	const faults: string[] = [];
	const need = (holds: boolean, what: string) => void (holds || faults.push(what));
	need(typeof version === 'string', 'version');
	need(/^[a-z0-9_-][a-z0-9_]{3,}(-2[0-9]{3}-[a-z]+)?$/.test(conference.acronym), 'acronym');
	need(
		Object.keys(JSON.parse(scheduleJson({ version, base_url, conference })) as object).join() ===
			'$schema,generator,schedule',
		'root'
	);
	need(conference.daysCount === conference.days.length, 'days');
	for (const room of conference.rooms) need(uuid.test(room.guid) && room.name !== '', 'room');
	for (const event of conference.days.flatMap(({ rooms }) => Object.values(rooms).flat())) {
		need(event.code === undefined || /^[A-Z0-9]+$/.test(event.code), 'code');
		need(Number.isInteger(event.id) && event.id >= 1, 'id');
		need(
			Object.keys(event).every((key) => eventKeys.has(key)),
			'keys of an event'
		);
		for (const one of [...event.links, ...event.attachments])
			need(/^https?:/.test(one.url) && Object.keys(one).every((key) => key === 'url' || key === 'title'), 'reference');
		need(/^[a-z0-9_-]+[a-z0-9]$/.test(event.slug), 'slug');
		need(/^[0-9]+:[0-9]{2}$/.test(event.duration), 'duration');
		// One of the two kinds of person in the schema, and not both.
		for (const person of event.persons) need('public_name' in person && !('name' in person), 'person');
	}
	return faults;
}

const zones = [
	'America/Montevideo',
	'Asia/Kolkata',
	'Pacific/Apia',
	'Europe/Brussels',
	'Australia/Lord_Howe',
	'Pacific/Marquesas',
	'UTC'
];
const instant = fc.integer({ min: Date.UTC(2027, 2, 26) / 60_000, max: Date.UTC(2027, 2, 30) / 60_000 });
const wild = fc.oneof(
	fc.string({ unit: 'binary', maxLength: 60 }),
	fc.constantFrom(']]>', '<!DOCTYPE x>', '&amp;', 'القمة', '\u0000\u0008\ud800', '\uffff')
);

test(
	'makes both files valid by their schemas, whatever is in the agenda and wherever it is held',
	{ timeout: 30_000 },
	() => {
		fc.assert(
			fc.property(
				fc.constantFrom(...zones),
				fc.constantFrom('2027', 'gs', 'a-b', 'montevideo-2027'),
				fc.array(
					fc.record({
						at: fc.array(instant, { maxLength: 3 }),
						minutes: fc.integer({ min: 1, max: 1440 }),
						title: wild,
						track: wild,
						link: fc.oneof(wild, fc.webUrl({ withQueryParameters: true }))
					}),
					{ maxLength: 6 }
				),
				fc.integer({ min: 0, max: 720 }),
				(zone, slug, given, dayBegins) => {
					const iso = (minutes: number) => new Date(minutes * 60_000).toISOString().replace('.000Z', 'Z');
					const sessions = given.map(({ at, minutes, title, track }, index) =>
						session({
							code: `CDE${String(index).padStart(3, '2')}`,
							title: { en: title },
							track: { en: track },
							slots: at.map((start) => ({ start: iso(start), end: iso(start + minutes), rooms: ['one'] }))
						})
					);
					const schedule = scheduleOf(sessions, {
						slug,
						name: 'Summit',
						zone,
						startsOn: '2027-03-27',
						endsOn: '2027-03-29',
						version: '1',
						base: 'https://summit.example/agenda',
						dayBegins,
						notePrefix: 'Content note: ',
						rooms: [{ id: '00000000-0000-4000-9000-000000000001', slug: 'one', name: 'One' }],
						tracks: [{ slug: '1-and-only', name: 'Only' }],
						facts: (one) =>
							one.slots.map((slot, index) => {
								const { link = '', title = '' } =
									given[Number(one.code.slice(3).replaceAll('2', '0')) % given.length] ?? {};
								const refs = [{ url: link, title }];
								const all = {
									url: link,
									feedback_url: link,
									logo: link,
									license: title,
									links: refs,
									attachments: refs
								};
								return {
									...slot,
									uid: `${one.id}${index}`,
									sequence: 1,
									changed_at: '',
									...originOf(all, 'https://a.example/')
								};
							}),
						title: ({ title }) => title['en'] ?? '',
						words: (map) => map['en'] ?? '',
						address: ({ code }) => `https://summit.example/sessions/${code}`
					});
					expect(faultsOfXml(parse(scheduleXml(schedule)))).toEqual([]);
					expect(faultsOfJson(schedule)).toEqual([]);
					const instants = schedule.conference.days.flatMap(({ rooms }) =>
						Object.values(rooms)
							.flat()
							.map(({ date }) => Date.parse(date))
					);
					expect(instants.sort()).toEqual(given.flatMap(({ at }) => at.map((start) => start * 60_000)).sort());
				}
			),
			{ numRuns: 120 }
		);
	}
);
