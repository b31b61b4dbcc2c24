import type { TextMap } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';

/** The field type of a list's column. */
type ListFieldKind = 'texts' | 'long-texts' | 'slug' | 'key' | 'number' | 'choice' | 'yes' | 'mail' | 'word';

/** One column of a list that an owner keeps. */
export interface ListField {
	name: string;
	label: () => string;
	kind: ListFieldKind;
	hint?: () => string;
	required?: boolean;
	options?: () => readonly { value: string; label: string }[];
	/** The largest number. */
	most?: number;
}

/** A list that an owner keeps: rooms, tracks, contacts and so on. */
export interface List {
	table: 'rooms' | 'tracks' | 'formats' | 'consent_items' | 'summit_contacts';
	title: () => string;
	about: () => string;
	/** The columns shown in the list. */
	shown: readonly string[];
	fields: readonly ListField[];
}

/** A row as it is stored. */
export type ListRow = { id: string } & Record<string, string | number | boolean | null | TextMap>;

const name: ListField = { name: 'name', label: m.summits_field_name, kind: 'texts', required: true };
const slug: ListField = {
	name: 'slug',
	label: m.summits_list_slug,
	kind: 'slug',
	hint: m.summits_list_slug_hint
};

/** The lists by the last part of their address. */
export const lists = {
	rooms: {
		table: 'rooms',
		title: m.ui_organise_rooms,
		about: m.summits_rooms_about,
		shown: ['kind', 'capacity', 'is_quiet_room', 'slug'],
		fields: [
			name,
			slug,
			{
				name: 'kind',
				label: m.summits_rooms_kind,
				kind: 'choice',
				required: true,
				options: () => [
					{ value: 'hall', label: m.summits_rooms_hall() },
					{ value: 'overflow', label: m.summits_rooms_overflow() },
					{ value: 'online', label: m.summits_rooms_online() }
				]
			},
			{
				name: 'capacity',
				label: m.summits_rooms_capacity,
				kind: 'number',
				hint: m.summits_rooms_capacity_hint,
				most: 100_000
			},
			{
				name: 'is_quiet_room',
				label: m.ui_quiet_room,
				kind: 'yes',
				hint: m.summits_rooms_quiet_hint
			},
			{
				name: 'directions',
				label: m.summits_rooms_directions,
				kind: 'texts',
				hint: m.summits_rooms_directions_hint
			},
			{ name: 'hours', label: m.summits_rooms_hours, kind: 'texts', hint: m.summits_rooms_hours_hint }
		]
	},
	tracks: {
		table: 'tracks',
		title: m.proposals_tracks,
		about: m.summits_tracks_about,
		shown: ['slug'],
		fields: [name, slug]
	},
	formats: {
		table: 'formats',
		title: m.proposals_formats,
		about: m.summits_formats_about,
		shown: ['minutes', 'slug'],
		fields: [
			name,
			slug,
			{ name: 'minutes', label: m.summits_formats_minutes, kind: 'number', required: true, most: 1440 }
		]
	},
	consents: {
		table: 'consent_items',
		title: m.organising_launch_consents,
		about: m.summits_consents_about,
		shown: ['is_required', 'key'],
		fields: [
			{ name: 'label', label: m.summits_consents_label, kind: 'texts', required: true },
			{ name: 'detail', label: m.summits_consents_detail, kind: 'long-texts' },
			{
				name: 'key',
				label: m.summits_consents_key,
				kind: 'key',
				required: true,
				hint: m.summits_consents_key_hint
			},
			{ name: 'is_required', label: m.summits_consents_required, kind: 'yes' }
		]
	},
	contacts: {
		table: 'summit_contacts',
		title: m.summits_setup_contacts,
		about: m.summits_contacts_about,
		shown: ['kind', 'mail', 'telephone'],
		fields: [
			{ name: 'label', label: m.summits_setup_contacts_who, kind: 'texts', required: true },
			{
				name: 'kind',
				label: m.summits_contacts_kind,
				kind: 'choice',
				required: true,
				options: () => [
					{ value: 'wellbeing', label: m.summits_contacts_wellbeing() },
					{ value: 'safeguarding', label: m.summits_setup_contacts_safeguarding() },
					{ value: 'registration', label: m.summits_contacts_registration() },
					{ value: 'technical', label: m.summits_contacts_technical() },
					{ value: 'privacy', label: m.summits_contacts_privacy() },
					{ value: 'general', label: m.summits_contacts_general() },
					{ value: 'emergency', label: m.summits_contacts_emergency() }
				]
			},
			{ name: 'note', label: m.summits_contacts_note, kind: 'long-texts' },
			{ name: 'hours', label: m.summits_contacts_hours, kind: 'texts' },
			{ name: 'mail', label: m.summits_contacts_mail, kind: 'mail' },
			{ name: 'telephone', label: m.summits_setup_contacts_telephone, kind: 'word' }
		]
	}
} as const satisfies Record<string, List>;

/** The last part of a list's address. */
export type ListName = keyof typeof lists;

/** Whether a text is the last part of a list's address. */
export function isListName(value: string): value is ListName {
	return Object.hasOwn(lists, value);
}

/** The list of an address. */
export const listOf = (value: ListName): List => lists[value];
