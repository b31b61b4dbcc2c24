import type { Schedule, ScheduleEvent } from './schedule.ts';

// XML 1.0 has no place for most control characters and lone surrogates, escaped or not.
const unwritable = /(?![\t\n\r])\p{Cc}|\p{Cs}|[\ufffe\uffff]/gu;

function escape(value: string): string {
	return value
		.replace(unwritable, '')
		.replaceAll('&', '&amp;')
		.replaceAll('<', '&lt;')
		.replaceAll('>', '&gt;')
		.replaceAll('"', '&quot;');
}

type Attributes = Record<string, string | number>;

// Content is text unless it is already a list of elements.
function element(name: string, attributes: Attributes, content: string | string[]): string {
	const written = Object.entries(attributes)
		.map(([key, value]) => ` ${key}="${escape(String(value))}"`)
		.join('');
	const inner = Array.isArray(content) ? content.join('') : escape(content);
	return inner === '' ? `<${name}${written}/>` : `<${name}${written}>${inner}</${name}>`;
}

function eventXml(event: ScheduleEvent): string {
	const plain = [
		'date',
		'start',
		'duration',
		'room',
		'slug',
		'url',
		'title',
		'subtitle',
		'track',
		'type',
		'language',
		'abstract',
		'description'
	] as const;
	// The schema knows codes of six letters.
	const code: Attributes = event.code !== undefined && /^[0-9A-Z]{6}$/.test(event.code) ? { code: event.code } : {};
	return element('event', { id: event.id, guid: event.guid, ...code }, [
		...plain.map((name) => element(name, {}, event[name])),
		element('recording', {}, [element('license', {}, ''), element('optout', {}, String(event.do_not_record))]),
		element(
			'persons',
			{},
			event.persons.map((person) => element('person', { id: person.id }, person.public_name))
		),
		element('links', {}, ''),
		element('attachments', {}, '')
	]);
}

/** The schedule as the XML that pentabarf began and frab's readers expect. */
export function scheduleXml({ version, base_url, conference }: Schedule): string {
	const { acronym, title, start, end, daysCount, timeslot_duration, time_zone_name, tracks } = conference;
	const facts = { acronym, title, start, end, days: String(daysCount), timeslot_duration, base_url, time_zone_name };
	const days = conference.days.map((day) =>
		element(
			'day',
			{ index: day.index, date: day.date, start: day.day_start, end: day.day_end },
			Object.entries(day.rooms).map(([name, events]) => element('room', { name }, events.map(eventXml)))
		)
	);
	return `<?xml version="1.0" encoding="UTF-8"?>\n${element('schedule', {}, [
		element('generator', { name: 'global-summit', version: '1' }, ''),
		element('version', {}, version),
		element('conference', {}, [
			...Object.entries(facts).map(([name, value]) => element(name, {}, value)),
			// A track's slug must begin with a letter there.
			...tracks.map(({ name, slug }) => element('track', { name, ...(/^[a-z][a-z0-9-]+$/.test(slug) && { slug }) }, ''))
		]),
		...days
	])}\n`;
}
