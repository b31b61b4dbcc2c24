/* Which export of which system a file is, told by its content and never by its name. No I/O. */
import { isMap, mapsIn } from '#lib/files/json.ts';

/** The exports that are known, also those that are refused with the right one named. */
export const fileKinds = [
	'pretix_orders',
	'pretix_positions',
	'pretix_order_list',
	'eventbrite_attendees',
	'indico_registrations',
	'pretalx_proposals',
	'indico_abstracts',
	'schedule',
	'indico_timetable'
] as const;
export type ImportKind = (typeof fileKinds)[number];

/** What a kind holds, and so on which page it is imported; an order list is imported nowhere. */
export const kindContents: Record<ImportKind, 'registrations' | 'proposals' | 'schedule' | null> = {
	pretix_orders: 'registrations',
	pretix_positions: 'registrations',
	pretix_order_list: null,
	eventbrite_attendees: 'registrations',
	indico_registrations: 'registrations',
	pretalx_proposals: 'proposals',
	indico_abstracts: 'proposals',
	schedule: 'schedule',
	indico_timetable: 'schedule'
};

/** The name of a column as it is compared: “E-mail address” is e_mail_address, and “Order #” is order. */
export function columnKey(name: string): string {
	return name
		.toLowerCase()
		.replaceAll(/[^\p{L}\p{N}]+/gu, '_')
		.replaceAll(/^_+|_+$/g, '');
}

/** The kind of a parsed JSON file; null for one that is unknown. */
export function kindOfJson(root: unknown): ImportKind | null {
	if (Array.isArray(root)) {
		const [first] = mapsIn(root);
		if (first && 'code' in first && 'title' in first && 'speakers' in first) return 'pretalx_proposals';
		return first && 'ID' in first ? kindOfColumns(Object.keys(first)) : null;
	}
	if (!isMap(root)) return null;
	const { event, results, schedule } = root;
	if (isMap(event) && Array.isArray(event['orders']) && Array.isArray(event['items'])) return 'pretix_orders';
	if (Array.isArray(root['registrants'])) return 'indico_registrations';
	if (Array.isArray(root['abstracts'])) return 'indico_abstracts';
	if (isMap(schedule) && isMap(schedule['conference'])) return 'schedule';
	if (Array.isArray(results)) {
		const [first] = mapsIn(results);
		if (first && 'code' in first && 'title' in first && 'speakers' in first) return 'pretalx_proposals';
	}
	return isMap(results) && isTimetable(results) ? 'indico_timetable' : null;
}

function isTimetable(results: Record<string, unknown>): boolean {
	const days = Object.values(results).filter(isMap);
	return days.length > 0 && days.every((event) => Object.keys(event).every((day) => /^\d{8}$/.test(day)));
}

/** The kind of a table by the names of its columns; null for one that is unknown. */
export function kindOfColumns(header: readonly string[]): ImportKind | null {
	const names = new Set(header.map(columnKey));
	const has = (...some: string[]) => some.some((name) => names.has(name));
	if (has('order_code') && has('position_id') && has('product')) return 'pretix_positions';
	if (has('order_code') && has('order_total')) return 'pretix_order_list';
	if (has('order', 'order_no', 'order_id') && has('ticket_type') && has('attendee', 'attendee_no', 'attendee_status'))
		return 'eventbrite_attendees';
	if (!has('id')) return null;
	if (has('name') && has('registration_state', 'registration_date', 'email_address')) return 'indico_registrations';
	if (has('title') && has('state', 'submitter', 'primary_authors', 'submitted_for_tracks', 'accepted_track'))
		return 'indico_abstracts';
	const isTitled = has('proposal_title', 'session_title', 'title');
	return isTitled && has('proposal_state', 'session_type', 'speaker_names', 'abstract') ? 'pretalx_proposals' : null;
}
