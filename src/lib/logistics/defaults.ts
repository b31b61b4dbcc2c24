/* The fields that most Summits need, in the site's languages. An organiser adopts and changes them. */
import type { TextMap } from '#lib/i18n/locale.ts';
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
	team?: ReaderRole | null;
	need_values?: string[];
	/** The version that was changed. */
	version?: number;
}

const words = (en: string, fr: string, es: string, ar: string): TextMap => ({ original: 'en', en, fr, es, ar });

const visa = words(
	'Your letter of invitation for a visa.',
	'Votre lettre d’invitation pour un visa.',
	'Su carta de invitación para el visado.',
	'رسالة دعوتكم للحصول على التأشيرة.'
);
const entry = words(
	'Your letter of invitation for a visa, and the list that the host country’s authorities need for entry to the venue.',
	'Votre lettre d’invitation pour un visa, et la liste que les autorités du pays hôte demandent pour l’accès au site.',
	'Su carta de invitación para el visado y la lista que las autoridades del país anfitrión necesitan para el acceso a la sede.',
	'رسالة دعوتكم للحصول على التأشيرة، والقائمة التي تطلبها سلطات البلد المضيف لدخول المقر.'
);
const travel = words(
	'To meet you on arrival and to plan the transfers.',
	'Pour vous accueillir à l’arrivée et organiser les transferts.',
	'Para recibirle a su llegada y organizar los traslados.',
	'لاستقبالكم عند الوصول وتنظيم التنقلات.'
);
const inHall = { modes: ['in_person' as const] };
const identity = { ...inHall, is_identity: true, erase_days: 30 };

/** Visa letter, travel, dietary and access needs. */
export const defaultFields: readonly FieldDraft[] = [
	{
		key: 'passport_name',
		kind: 'text',
		label: words(
			'Name as in your passport',
			'Nom tel qu’il figure dans votre passeport',
			'Nombre según su pasaporte',
			'الاسم كما في جواز سفركم'
		),
		purpose: entry,
		...identity,
		for_host: true,
		visible_to: [],
		position: 1
	},
	{
		key: 'passport_number',
		kind: 'text',
		label: words('Passport number', 'Numéro de passeport', 'Número de pasaporte', 'رقم جواز السفر'),
		purpose: entry,
		...identity,
		for_host: true,
		visible_to: [],
		position: 2
	},
	{
		key: 'nationality',
		kind: 'country',
		label: words('Nationality', 'Nationalité', 'Nacionalidad', 'الجنسية'),
		purpose: entry,
		...identity,
		for_host: true,
		visible_to: [],
		position: 3
	},
	{
		key: 'birth_date',
		kind: 'date',
		label: words('Date of birth', 'Date de naissance', 'Fecha de nacimiento', 'تاريخ الميلاد'),
		purpose: entry,
		...identity,
		for_host: true,
		visible_to: [],
		position: 4
	},
	{
		key: 'embassy',
		kind: 'text',
		label: words('Embassy or consulate', 'Ambassade ou consulat', 'Embajada o consulado', 'السفارة أو القنصلية'),
		help: words(
			'Where you apply for the visa.',
			'Où vous demandez le visa.',
			'Dónde solicita el visado.',
			'حيث تتقدمون بطلب التأشيرة.'
		),
		purpose: visa,
		...identity,
		visible_to: [],
		position: 5
	},
	{
		key: 'arrival',
		kind: 'date',
		label: words('Day of arrival', 'Jour d’arrivée', 'Día de llegada', 'يوم الوصول'),
		purpose: travel,
		...inHall,
		visible_to: ['registration'],
		erase_days: 7,
		position: 6
	},
	{
		key: 'departure',
		kind: 'date',
		label: words('Day of departure', 'Jour de départ', 'Día de salida', 'يوم المغادرة'),
		purpose: travel,
		...inHall,
		visible_to: ['registration'],
		erase_days: 7,
		position: 7
	},
	{
		key: 'flight',
		kind: 'text',
		label: words('Flight or train', 'Vol ou train', 'Vuelo o tren', 'رحلة الطيران أو القطار'),
		purpose: travel,
		...inHall,
		visible_to: ['registration'],
		erase_days: 7,
		position: 8
	},
	{
		key: 'diet',
		kind: 'choice',
		label: words('What you eat', 'Votre alimentation', 'Alimentación', 'النظام الغذائي'),
		purpose: words(
			'So that there is something for you at every meal.',
			'Pour qu’il y ait de quoi vous servir à chaque repas.',
			'Para que haya algo para usted en cada comida.',
			'لكي يتوفر لكم ما يناسبكم في كل وجبة.'
		),
		choices: [
			{ key: 'anything', label: words('Anything', 'De tout', 'De todo', 'كل شيء') },
			{ key: 'vegetarian', label: words('Vegetarian', 'Végétarien', 'Vegetariano', 'نباتي') },
			{ key: 'vegan', label: words('Vegan', 'Végétalien', 'Vegano', 'نباتي صرف') },
			{ key: 'halal', label: words('Halal', 'Halal', 'Halal', 'حلال') },
			{ key: 'kosher', label: words('Kosher', 'Casher', 'Kosher', 'كوشر') },
			{ key: 'gluten_free', label: words('Without gluten', 'Sans gluten', 'Sin gluten', 'خالٍ من الغلوتين') }
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
		label: words(
			'What you need to take part',
			'Ce dont vous avez besoin pour participer',
			'Lo que necesita para participar',
			'ما تحتاجون إليه للمشاركة'
		),
		help: words(
			'For example step-free ways, a seat near the front, sign language, a quiet room.',
			'Par exemple un accès de plain-pied, une place à l’avant, la langue des signes, une salle calme.',
			'Por ejemplo, accesos sin escalones, un asiento delante, lengua de signos, una sala tranquila.',
			'مثلًا مسارات دون درجات، أو مقعد في الأمام، أو لغة الإشارة، أو غرفة هادئة.'
		),
		purpose: words(
			'So that you can take part like everybody else.',
			'Pour que vous puissiez participer comme tout le monde.',
			'Para que pueda participar como todo el mundo.',
			'لكي تتمكنوا من المشاركة كسائر الحاضرين.'
		),
		visible_to: ['registration', 'stage'],
		erase_days: 30,
		position: 10
	}
];
