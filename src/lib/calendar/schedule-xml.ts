import { escapeXml } from '#lib/files/xml.ts';
import type { Schedule, ScheduleEvent } from './schedule.ts';

type Attributes = Record<string, string | number>;

// Content is text unless it is already a list of elements.
function element(name: string, attributes: Attributes, content: string | string[]): string {
	const written = Object.entries(attributes)
		.map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`)
		.join('');
	const inner = Array.isArray(content) ? content.join('') : escapeXml(content);
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
	// Omitted where only one of the two published schemas has it: codes, tracks of the conference, types of links.
	const { logo, feedback_url: feedback } = event;
	return element('event', { id: event.id, guid: event.guid }, [
		...plain.map((name) => element(name, {}, event[name])),
		element('recording', {}, [
			element('license', {}, event.recording_license),
			element('optout', {}, String(event.do_not_record))
		]),
		element(
			'persons',
			{},
			event.persons.map((person) => element('person', { id: person.id }, person.public_name))
		),
		...(logo ? [element('logo', {}, logo)] : []),
		...(feedback ? [element('feedback_url', {}, feedback)] : []),
		element(
			'links',
			{},
			event.links.map(({ url, title = '' }) => element('link', { href: url }, title))
		),
		element(
			'attachments',
			{},
			event.attachments.map(({ url, title = '' }) => element('attachment', { href: url }, title))
		)
	]);
}

/** The schedule in the XML format that pentabarf introduced and frab's readers expect. */
export function scheduleXml({ version, base_url, conference }: Schedule): string {
	const { acronym, title, start, end, daysCount, timeslot_duration, time_zone_name } = conference;
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
		element(
			'conference',
			{},
			Object.entries(facts).map(([name, value]) => element(name, {}, value))
		),
		...days
	])}\n`;
}
