/* The fields that most Summits need, in the site's languages. An organiser adopts and changes them. */
import type { FileSort } from '#lib/files/kinds.ts';
import type { TextMap } from '#lib/i18n/locale.ts';
import { defaultTexts } from './default-texts.ts';
import type { FieldKind, ReaderRole } from './logistics.ts';

/** A field as it is saved. */
export interface FieldDraft {
	key: string;
	kind: FieldKind;
	label: TextMap;
	help?: TextMap;
	purpose: TextMap;
	choices?: { key: string; label: TextMap }[];
	categories?: string[];
	modes?: ('in_person' | 'virtual')[];
	is_required?: boolean;
	is_identity?: boolean;
	for_host?: boolean;
	visible_to: ReaderRole[];
	erase_days: number;
	position: number;
	form?: 'registration' | 'logistics';
	sectors?: string[];
	depends_on?: string | null;
	depends_values?: string[];
	is_sealed?: boolean;
	in_mail?: boolean;
	team?: ReaderRole | null;
	need_values?: string[];
	file_sort?: FileSort | null;
	/** The version that was changed. */
	version?: number;
}

const words = (name: keyof typeof defaultTexts): TextMap => ({ original: 'en', ...defaultTexts[name] });

const visa = words('visa');
const entry = words('visaAndEntry');
const travel = words('travel');
const inHall = { modes: ['in_person' as const] };
const identity = { ...inHall, is_identity: true, erase_days: 30 };

/** Visa letter, travel, dietary and access needs. */
export const defaultFields: readonly FieldDraft[] = [
	{
		key: 'passport_name',
		kind: 'text',
		label: words('passportName'),
		purpose: entry,
		...identity,
		for_host: true,
		visible_to: [],
		position: 1
	},
	{
		key: 'passport_number',
		kind: 'text',
		label: words('passportNumber'),
		purpose: entry,
		...identity,
		for_host: true,
		visible_to: [],
		position: 2
	},
	{
		key: 'nationality',
		kind: 'country',
		label: words('nationality'),
		purpose: entry,
		...identity,
		for_host: true,
		visible_to: [],
		position: 3
	},
	{
		key: 'birth_date',
		kind: 'date',
		label: words('birthDate'),
		purpose: entry,
		...identity,
		for_host: true,
		visible_to: [],
		position: 4
	},
	{
		key: 'embassy',
		kind: 'text',
		label: words('embassy'),
		help: words('embassyHelp'),
		purpose: visa,
		...identity,
		visible_to: [],
		position: 5
	},
	{
		key: 'arrival',
		kind: 'date',
		label: words('arrival'),
		purpose: travel,
		...inHall,
		visible_to: ['registration'],
		erase_days: 7,
		position: 6
	},
	{
		key: 'departure',
		kind: 'date',
		label: words('departure'),
		purpose: travel,
		...inHall,
		visible_to: ['registration'],
		erase_days: 7,
		position: 7
	},
	{
		key: 'flight',
		kind: 'text',
		label: words('flight'),
		purpose: travel,
		...inHall,
		visible_to: ['registration'],
		erase_days: 7,
		position: 8
	},
	{
		key: 'diet',
		kind: 'choice',
		label: words('diet'),
		purpose: words('dietPurpose'),
		choices: [
			{ key: 'anything', label: words('anything') },
			{ key: 'vegetarian', label: words('vegetarian') },
			{ key: 'vegan', label: words('vegan') },
			{ key: 'halal', label: words('halal') },
			{ key: 'kosher', label: words('kosher') },
			{ key: 'gluten_free', label: words('withoutGluten') }
		],
		team: 'registration',
		need_values: ['vegetarian', 'vegan', 'halal', 'kosher', 'gluten_free'],
		...inHall,
		is_required: true,
		visible_to: ['registration'],
		erase_days: 7,
		position: 9
	},
	{
		key: 'access_needs',
		kind: 'long_text',
		team: 'registration',
		label: words('access'),
		help: words('accessHelp'),
		purpose: words('accessPurpose'),
		visible_to: ['registration', 'stage'],
		erase_days: 30,
		position: 10
	}
];
