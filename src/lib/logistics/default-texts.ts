/* The texts of the usual fields, which a Summit keeps as its own in all languages of the site. */
import type { Locale } from '#lib/i18n/locale.ts';

/** Labels, hints, purposes and choices. */
export const defaultTexts = {
	visa: {
		en: 'Your letter of invitation for a visa.',
		fr: 'Votre lettre d’invitation pour un visa.',
		es: 'Su carta de invitación para el visado.',
		ar: 'رسالة دعوتك للحصول على التأشيرة.',
		ru: 'Ваше приглашение для получения визы.',
		zh: '您用于申请签证的邀请函。',
		pt: 'A sua carta-convite para o visto.'
	},
	visaAndEntry: {
		en: 'Your letter of invitation for a visa, and the list that the host country’s authorities need for entry to the venue.',
		fr: 'Votre lettre d’invitation pour un visa, et la liste que les autorités du pays hôte demandent pour l’accès au site.',
		es: 'Su carta de invitación para el visado y la lista que las autoridades del país anfitrión necesitan para el acceso a la sede.',
		ar: 'رسالة دعوتك للحصول على التأشيرة، والقائمة التي تطلبها سلطات البلد المضيف لدخول المقر.',
		ru: 'Ваше приглашение для получения визы и список, который требуется властям принимающей страны для допуска на место проведения.',
		zh: '您用于申请签证的邀请函，以及东道国当局为进入会场所需的名单。',
		pt: 'A sua carta-convite para o visto e a lista de que as autoridades do país anfitrião necessitam para o acesso ao local.'
	},
	travel: {
		en: 'To meet you on arrival and to plan the transfers.',
		fr: 'Pour vous accueillir à l’arrivée et organiser les transferts.',
		es: 'Para recibirle a su llegada y organizar los traslados.',
		ar: 'لاستقبالك عند الوصول وتنظيم التنقلات.',
		ru: 'Чтобы встретить вас по прибытии и спланировать трансферы.',
		zh: '用于在您抵达时接机并安排接送。',
		pt: 'Para o receber à chegada e planear os transportes.'
	},
	passportName: {
		en: 'Name as in your passport',
		fr: 'Nom tel qu’il figure dans votre passeport',
		es: 'Nombre según su pasaporte',
		ar: 'الاسم كما في جواز سفرك',
		ru: 'Имя, как в паспорте',
		zh: '与护照一致的姓名',
		pt: 'Nome tal como consta do passaporte'
	},
	passportNumber: {
		en: 'Passport number',
		fr: 'Numéro de passeport',
		es: 'Número de pasaporte',
		ar: 'رقم جواز السفر',
		ru: 'Номер паспорта',
		zh: '护照号码',
		pt: 'Número do passaporte'
	},
	nationality: {
		en: 'Nationality',
		fr: 'Nationalité',
		es: 'Nacionalidad',
		ar: 'الجنسية',
		ru: 'Гражданство',
		zh: '国籍',
		pt: 'Nacionalidade'
	},
	birthDate: {
		en: 'Date of birth',
		fr: 'Date de naissance',
		es: 'Fecha de nacimiento',
		ar: 'تاريخ الميلاد',
		ru: 'Дата рождения',
		zh: '出生日期',
		pt: 'Data de nascimento'
	},
	embassy: {
		en: 'Embassy or consulate',
		fr: 'Ambassade ou consulat',
		es: 'Embajada o consulado',
		ar: 'السفارة أو القنصلية',
		ru: 'Посольство или консульство',
		zh: '使馆或领事馆',
		pt: 'Embaixada ou consulado'
	},
	embassyHelp: {
		en: 'Where you apply for the visa.',
		fr: 'Où vous demandez le visa.',
		es: 'Dónde solicita el visado.',
		ar: 'حيث تتقدم بطلب التأشيرة.',
		ru: 'Где вы подаёте заявление на визу.',
		zh: '您申请签证的地点。',
		pt: 'Onde apresenta o pedido de visto.'
	},
	arrival: {
		en: 'Day of arrival',
		fr: 'Jour d’arrivée',
		es: 'Día de llegada',
		ar: 'يوم الوصول',
		ru: 'День прибытия',
		zh: '抵达日期',
		pt: 'Dia de chegada'
	},
	departure: {
		en: 'Day of departure',
		fr: 'Jour de départ',
		es: 'Día de salida',
		ar: 'يوم المغادرة',
		ru: 'День отъезда',
		zh: '离开日期',
		pt: 'Dia de partida'
	},
	flight: {
		en: 'Flight or train',
		fr: 'Vol ou train',
		es: 'Vuelo o tren',
		ar: 'رحلة الطيران أو القطار',
		ru: 'Рейс или поезд',
		zh: '航班或车次',
		pt: 'Voo ou comboio'
	},
	diet: {
		en: 'What you eat',
		fr: 'Votre alimentation',
		es: 'Alimentación',
		ar: 'النظام الغذائي',
		ru: 'Питание',
		zh: '饮食',
		pt: 'Alimentação'
	},
	dietPurpose: {
		en: 'So that there is something for you at every meal.',
		fr: 'Pour qu’il y ait de quoi vous servir à chaque repas.',
		es: 'Para que haya algo para usted en cada comida.',
		ar: 'لكي يتوفر لك ما يناسبك في كل وجبة.',
		ru: 'Чтобы на каждой трапезе для вас было подходящее блюдо.',
		zh: '以便每餐都有适合您的食物。',
		pt: 'Para que haja algo adequado para si em cada refeição.'
	},
	anything: {
		en: 'Anything',
		fr: 'De tout',
		es: 'De todo',
		ar: 'كل شيء',
		ru: 'Без ограничений',
		zh: '不限',
		pt: 'De tudo'
	},
	vegetarian: {
		en: 'Vegetarian',
		fr: 'Végétarien',
		es: 'Vegetariano',
		ar: 'نباتي',
		ru: 'Вегетарианское',
		zh: '素食（蛋奶素）',
		pt: 'Vegetariana'
	},
	vegan: {
		en: 'Vegan',
		fr: 'Végétalien',
		es: 'Vegano',
		ar: 'نباتي صرف',
		ru: 'Веганское',
		zh: '纯素',
		pt: 'Vegana'
	},
	halal: {
		en: 'Halal',
		fr: 'Halal',
		es: 'Halal',
		ar: 'حلال',
		ru: 'Халяль',
		zh: '清真',
		pt: 'Halal'
	},
	kosher: {
		en: 'Kosher',
		fr: 'Casher',
		es: 'Kosher',
		ar: 'كوشر',
		ru: 'Кошерное',
		zh: '犹太洁食',
		pt: 'Kosher'
	},
	withoutGluten: {
		en: 'Without gluten',
		fr: 'Sans gluten',
		es: 'Sin gluten',
		ar: 'خالٍ من الغلوتين',
		ru: 'Без глютена',
		zh: '无麸质',
		pt: 'Sem glúten'
	},
	access: {
		en: 'What you need to take part',
		fr: 'Ce dont vous avez besoin pour participer',
		es: 'Lo que necesita para participar',
		ar: 'ما تحتاج إليه للمشاركة',
		ru: 'Что вам нужно для участия',
		zh: '您参会所需的便利',
		pt: 'Aquilo de que necessita para participar'
	},
	accessHelp: {
		en: 'For example step-free ways, a seat near the front, sign language, a quiet room.',
		fr: 'Par exemple un accès de plain-pied, une place à l’avant, la langue des signes, une salle calme.',
		es: 'Por ejemplo, accesos sin escalones, un asiento delante, lengua de signos, una sala tranquila.',
		ar: 'مثلًا مسارات دون درجات، أو مقعد في الأمام، أو لغة الإشارة، أو غرفة هادئة.',
		ru: 'Например, путь без ступеней, место в первых рядах, жестовый язык, тихая комната.',
		zh: '例如无台阶通道、前排座位、手语、安静室。',
		pt: 'Por exemplo, acessos sem degraus, um lugar à frente, língua gestual, uma sala tranquila.'
	},
	accessPurpose: {
		en: 'So that you can take part like everybody else.',
		fr: 'Pour que vous puissiez participer comme tout le monde.',
		es: 'Para que pueda participar como todo el mundo.',
		ar: 'لكي تتمكن من المشاركة كسائر الحاضرين.',
		ru: 'Чтобы вы могли участвовать наравне со всеми.',
		zh: '以便您与所有人一样参会。',
		pt: 'Para que possa participar como todas as pessoas.'
	}
} satisfies Record<string, Record<Locale, string>>;
