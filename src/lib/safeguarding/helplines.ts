/*
 * Public helplines by country. Sources: national emergency numbers (for the European Union Directive (EU) 2018/1972, article 109: 112), the
 * members of Child Helpline International (childhelplineinternational.org), the harmonised number 116 111 (Commission Decision 2007/116/EC), the
 * Lucy Faithfull Foundation and Stop It Now (stopitnow.org.uk, stopitnow.org), and the pages of the organisations named. Only numbers that are widely
 * published are listed: a wrong one is worse than none. Correct them here.
 */

/** What a line is for. */
export type HelplineKind = 'emergency' | 'police' | 'ambulance' | 'child' | 'violence' | 'crisis' | 'behaviour';

/** A number to call. `name` is the organisation's own, where the number is not known by itself. */
export interface Helpline {
	kind: HelplineKind;
	telephone: string;
	name?: string;
	/** The languages spoken, where that distinguishes lines of one country. */
	languages?: readonly string[];
}

const line = (kind: HelplineKind, telephone: string, name?: string, languages?: string[]): Helpline => ({
	kind,
	telephone,
	...(name !== undefined && { name }),
	...(languages && { languages })
});
const emergency = (telephone: string) => line('emergency', telephone);
const child = (telephone: string, name?: string, languages?: string[]) => line('child', telephone, name, languages);

/** By ISO 3166 code, the most urgent first. */
const helplines: Record<string, readonly Helpline[]> = {
	AE: [line('police', '999'), line('ambulance', '998'), child('116111')],
	AL: [emergency('112'), child('116 111')],
	AR: [emergency('911'), child('102'), line('violence', '144')],
	AT: [emergency('112'), child('147', 'Rat auf Draht')],
	AU: [
		emergency('000'),
		child('1800 55 1800', 'Kids Helpline'),
		line('violence', '1800 737 732', '1800RESPECT'),
		line('crisis', '13 11 14', 'Lifeline')
	],
	BD: [emergency('999'), child('1098')],
	BE: [emergency('112'), child('102', 'Awel', ['nl']), child('103', 'Écoute-Enfants', ['fr'])],
	BG: [emergency('112'), child('116 111')],
	BR: [line('police', '190'), line('ambulance', '192'), child('100', 'Disque 100'), line('violence', '180')],
	CA: [emergency('911'), child('1-800-668-6868', 'Kids Help Phone', ['en', 'fr']), line('crisis', '988')],
	CH: [emergency('112'), child('147', 'Pro Juventute', ['de', 'fr', 'it'])],
	CL: [line('police', '133'), line('ambulance', '131')],
	CN: [line('police', '110'), line('ambulance', '120')],
	CO: [emergency('123'), child('141', 'ICBF'), line('violence', '155')],
	CR: [emergency('911'), child('1147', 'PANI')],
	CY: [emergency('112'), child('116 111')],
	CZ: [emergency('112'), child('116 111', 'Linka bezpečí')],
	DE: [
		emergency('112'),
		line('police', '110'),
		child('116 111', 'Nummer gegen Kummer'),
		line('violence', '0800 22 55 530', 'Hilfe-Telefon Sexueller Missbrauch')
	],
	DK: [emergency('112'), child('116 111', 'BørneTelefonen')],
	EC: [emergency('911')],
	EE: [emergency('112'), child('116 111')],
	EG: [line('police', '122'), line('ambulance', '123'), child('16000')],
	ES: [emergency('112'), child('900 20 20 10', 'ANAR'), line('violence', '016')],
	FI: [emergency('112'), child('116 111', 'Lasten ja nuorten puhelin')],
	FR: [
		emergency('112'),
		child('119', 'Allô Enfance en Danger'),
		child('3018', 'e-Enfance'),
		line('violence', '3919', 'Violences Femmes Info')
	],
	GB: [
		emergency('999'),
		child('0800 1111', 'Childline'),
		line('child', '0808 800 5000', 'NSPCC'),
		line('behaviour', '0808 1000 900', 'Stop It Now'),
		line('crisis', '116 123', 'Samaritans')
	],
	GE: [emergency('112'), child('116 111')],
	GH: [emergency('112')],
	GR: [emergency('112'), child('1056', 'The Smile of the Child')],
	HK: [emergency('999')],
	HR: [emergency('112'), child('116 111', 'Hrabri telefon')],
	HU: [emergency('112'), child('116 111', 'Kék Vonal')],
	ID: [emergency('112'), line('violence', '129', 'SAPA')],
	IE: [emergency('112'), child('1800 66 66 66', 'Childline')],
	IL: [line('police', '100'), line('ambulance', '101'), child('105')],
	IN: [emergency('112'), child('1098', 'Childline'), line('violence', '181')],
	IS: [emergency('112'), line('crisis', '1717')],
	IT: [
		emergency('112'),
		child('114', 'Emergenza Infanzia'),
		child('19696', 'Telefono Azzurro'),
		line('violence', '1522')
	],
	JO: [emergency('911'), child('110')],
	JP: [line('police', '110'), line('ambulance', '119'), child('0120-99-7777', 'Childline Japan')],
	KE: [emergency('999'), child('116', 'Childline Kenya'), line('violence', '1195')],
	KH: [line('police', '117'), line('ambulance', '119'), child('1280', 'Child Helpline Cambodia')],
	KR: [line('police', '112'), line('ambulance', '119'), child('1388')],
	LB: [line('police', '112'), line('ambulance', '140')],
	LK: [line('police', '119'), line('ambulance', '1990'), child('1929')],
	LT: [emergency('112'), child('116 111', 'Vaikų linija')],
	LU: [emergency('112'), child('116 111', 'KJT')],
	LV: [emergency('112'), child('116 111')],
	MA: [line('police', '19'), line('ambulance', '150')],
	MT: [emergency('112'), child('179')],
	MX: [emergency('911')],
	MY: [emergency('999'), child('15999', 'Talian Kasih')],
	NG: [emergency('112')],
	NL: [emergency('112'), child('0800 0432', 'Kindertelefoon'), line('violence', '0800 2000', 'Veilig Thuis')],
	NO: [line('police', '112'), line('ambulance', '113'), child('116 111')],
	NP: [line('police', '100'), line('ambulance', '102'), child('1098')],
	NZ: [emergency('111'), child('0800 942 8787', "What's Up"), line('crisis', '1737')],
	PE: [line('police', '105'), line('ambulance', '106'), line('violence', '100', 'Línea 100')],
	PH: [emergency('911'), child('163', 'Bantay Bata')],
	PK: [line('police', '15'), line('ambulance', '1122')],
	PL: [emergency('112'), child('116 111')],
	PT: [emergency('112'), child('116 111', 'SOS Criança')],
	PY: [emergency('911'), child('147', 'Fono Ayuda')],
	QA: [emergency('999')],
	RO: [emergency('112'), child('116 111', 'Telefonul Copilului')],
	RW: [emergency('112'), child('116')],
	SA: [line('police', '999'), line('ambulance', '997'), child('116111')],
	SE: [emergency('112'), child('116 111', 'Bris')],
	SG: [line('police', '999'), line('ambulance', '995'), child('1800 2744 788', 'Tinkle Friend')],
	SI: [emergency('112'), child('116 111', 'TOM')],
	SK: [emergency('112'), child('116 111', 'Linka detskej istoty')],
	SN: [line('police', '17'), child('116')],
	TH: [line('police', '191'), line('ambulance', '1669'), child('1387', 'Childline Thailand')],
	TN: [line('police', '197'), line('ambulance', '190')],
	TR: [emergency('112'), line('violence', '183')],
	TZ: [emergency('112'), child('116', 'C-Sema')],
	UA: [emergency('112'), child('116 111', 'La Strada')],
	UG: [emergency('999'), child('116', 'Sauti')],
	US: [
		emergency('911'),
		child('1-800-422-4453', 'Childhelp'),
		line('violence', '1-800-656-4673', 'RAINN'),
		line('behaviour', '1-888-773-8368', 'Stop It Now'),
		line('crisis', '988')
	],
	UY: [emergency('911'), child('0800 5050', 'Línea Azul, INAU')],
	VN: [line('police', '113'), line('ambulance', '115'), child('111')],
	ZA: [emergency('112'), line('police', '10111'), child('116', 'Childline South Africa')],
	ZM: [line('police', '999'), child('116')],
	ZW: [emergency('999'), child('116', 'Childline Zimbabwe')]
};

/** Places in the web that list lines everywhere. */
export const directories = [
	{ kind: 'directory', name: 'Child Helpline International', url: 'https://childhelplineinternational.org/helplines/' },
	{ kind: 'directory', name: 'Find A Helpline', url: 'https://findahelpline.com/' },
	{ kind: 'behaviour', name: 'Stop It Now', url: 'https://www.stopitnow.org.uk/' },
	{ kind: 'report', name: 'INHOPE', url: 'https://www.inhope.org/' }
] as const;

/** The countries for which a number is listed. */
export const helplineCountries: readonly string[] = Object.keys(helplines);

/** The lines of a country, those in the reader's language first within their kind; [] where none is known. */
export function helplinesOf(country: string | null, language: string): readonly Helpline[] {
	const found = (country !== null && Object.hasOwn(helplines, country) && helplines[country]) || [];
	const kinds = [...new Set(found.map(({ kind }) => kind))];
	const others = ({ languages }: Helpline) => Number(languages !== undefined && !languages.includes(language));
	return kinds.flatMap((kind) => found.filter((one) => one.kind === kind).sort((a, b) => others(a) - others(b)));
}

/** What a telephone dials: digits and a leading plus only. */
export const dialled = (telephone: string) => telephone.replace(/[^\d+]/g, '');
