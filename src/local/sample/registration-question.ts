import type pg from 'pg';
import type { TextMap } from '../../lib/i18n/locale.ts';
import type { Random } from './prng.ts';
import { insertRows } from './rows.ts';

export const words = (en: string, fr: string, es: string, ar: string, ru: string, zh: string, pt: string): TextMap => ({
	original: 'en',
	...{ en, fr, es, ar, ru, zh, pt }
});

const choices = [
	{
		key: 'prevention',
		label: words('Prevention', 'Prévention', 'Prevención', 'الوقاية', 'Профилактика', '预防', 'Prevenção')
	},
	{
		key: 'law_enforcement',
		label: words(
			'Law enforcement and justice',
			'Répression et justice',
			'Aplicación de la ley y justicia',
			'إنفاذ القانون والعدالة',
			'Правоохранительная деятельность и правосудие',
			'执法与司法',
			'Aplicação da lei e justiça'
		)
	},
	{
		key: 'technology',
		label: words(
			'Technology and online safety',
			'Technologie et sécurité en ligne',
			'Tecnología y seguridad en línea',
			'التكنولوجيا والسلامة على الإنترنت',
			'Технологии и безопасность в интернете',
			'技术与网络安全',
			'Tecnologia e segurança em linha'
		)
	},
	{
		key: 'support',
		label: words(
			'Support for victims and survivors',
			'Soutien aux victimes et aux survivants',
			'Apoyo a víctimas y supervivientes',
			'دعم الضحايا والناجين',
			'Поддержка пострадавших',
			'支持受害者和幸存者',
			'Apoio a vítimas e sobreviventes'
		)
	},
	{
		key: 'research',
		label: words('Research', 'Recherche', 'Investigación', 'البحث', 'Исследования', '研究', 'Investigação')
	}
];

/** A question of the registration form whose answers are not sealed: it filters the registrations. */
const areaOfWork = {
	key: 'area_of_work',
	kind: 'choice',
	form: 'registration',
	label: words(
		'Area of work',
		'Domaine d’activité',
		'Ámbito de trabajo',
		'مجال العمل',
		'Область работы',
		'工作领域',
		'Área de trabalho'
	),
	purpose: words(
		'So that round tables bring different fields together.',
		'Pour réunir des domaines différents aux tables rondes.',
		'Para que las mesas redondas reúnan ámbitos distintos.',
		'لكي تجمع الموائد المستديرة بين مجالات مختلفة.',
		'Чтобы за круглыми столами встречались представители разных областей.',
		'以便圆桌会议汇集不同领域的人员。',
		'Para que as mesas-redondas reúnam áreas diferentes.'
	),
	choices,
	visible_to: ['registration', 'programme'],
	is_sealed: false,
	in_mail: true,
	erase_days: 30,
	position: 1,
	help: {},
	categories: [],
	modes: [],
	need_values: []
};

/** A question of the logistics form whose answer badges show. */
const pronouns = {
	...areaOfWork,
	key: 'pronouns',
	form: 'logistics',
	label: words('Pronouns', 'Pronoms', 'Pronombres', 'الضمائر', 'Местоимения', '人称代词', 'Pronomes'),
	purpose: words(
		'For a line on your badge, if you want one.',
		'Pour une ligne sur votre badge, si vous le souhaitez.',
		'Para una línea en su credencial, si la desea.',
		'لسطر على بطاقتك، إن رغبت في ذلك.',
		'Для строки на бейдже, если вы этого хотите.',
		'如您愿意，将在证件上显示一行。',
		'Para uma linha no seu crachá, se a desejar.'
	),
	choices: [
		{ key: 'she_her', label: words('she/her', 'elle', 'ella', 'هي', 'она', '她', 'ela') },
		{ key: 'he_him', label: words('he/him', 'il', 'él', 'هو', 'он', '他', 'ele') },
		{ key: 'they_them', label: words('they/them', 'iel', 'elle (neutro)', 'هم', 'они', 'TA', 'elu') }
	],
	visible_to: ['registration'],
	modes: ['in_person'],
	in_mail: false,
	on_badge: true,
	position: 90
};

/** One question of the registration form; five in six of those who sent it have answered. One for badges, not yet answered. */
export async function insertRegistrationQuestion(client: pg.Client, random: Random, summit: string, now: Date) {
	const id = random.uuid();
	await insertRows(client, 'public.logistics_fields', [{ ...areaOfWork, id, summit_id: summit }]);
	await insertRows(client, 'public.logistics_fields', [{ ...pronouns, id: random.uuid(), summit_id: summit }]);
	const { rows } = await client.query<{ id: string }>(
		`select id from public.registrations
		where summit_id = $1 and state not in ('draft', 'declined', 'withdrawn', 'expired') order by reference`,
		[summit]
	);
	const answers = rows
		.filter(() => random.chance(5 / 6))
		.map((row) => ({
			registration_id: row.id,
			field_id: id,
			value: [random.pick(choices).key],
			answered_at: now.toISOString(),
			is_need: false
		}));
	await insertRows(client, 'private.logistics_answers', answers);
}

/** Most needs of the confirmed are met; four are in hand, and a dozen are open. */
export async function assignNeeds(client: pg.Client, summit: string): Promise<void> {
	await client.query(
		`update private.needs as n
		set state = case when stated.place <= 4 then 'in_hand' else 'met' end,
			assignee_id = case when stated.place % 2 = 1 then emeka.id else mirela.id end,
			closed_at = case when stated.place > 4 then now() end,
			closed_by = case when stated.place > 4 then emeka.id end,
			version = n.version + 1
		from public.people as emeka, public.people as mirela, (
			select l.id, row_number() over (order by l.field_id is not null, r.reference, l.id) as place,
				count(*) over () as number
			from private.needs as l
			join public.registrations as r on r.id = l.registration_id and r.state = 'confirmed'
			where l.summit_id = $1) as stated
		where n.id = stated.id and stated.place <= stated.number - 12
			and emeka.display_name = 'Emeka Nwosu' and mirela.display_name = 'Mirela Kovač'`,
		[summit]
	);
}
