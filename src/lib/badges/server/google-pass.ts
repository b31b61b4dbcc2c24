/* Passes of Google Wallet: objects that a signed link, or Google's API, hands to Google. */
import { intlTag, locale, type Locale } from '#lib/i18n/locale.ts';
import { withLocale } from '#lib/i18n/server/request-locale.ts';
import { importPKCS8, SignJWT } from 'jose';
import { passTexts, passTimes, type PassSummit, type PassTexts, type WalletPass } from '../wallet-pass.ts';
import type { GoogleWallet } from '../wallet-settings.ts';

const words = (value: string) => ({ defaultValue: { language: intlTag(locale()), value } });

/** The id of the pass of a badge at Google. */
export const googlePassId = ({ issuer }: GoogleWallet, badge: string): string => `${issuer}.${badge}`;

/** What Google shows on all passes of a Summit, in the language of the moment. */
function classOf({ issuer }: GoogleWallet, summit: PassSummit, { title, place }: PassTexts, origin: string) {
	const { from, until } = passTimes(summit);
	return {
		id: `${issuer}.${summit.id}`,
		issuerName: title,
		eventName: words(title),
		venue: { name: words(place), address: words(place) },
		dateTime: { start: from.toISOString(), end: until.toISOString() },
		reviewStatus: 'UNDER_REVIEW',
		multipleDevicesAndHoldersAllowedStatus: 'ONE_USER_ALL_DEVICES',
		hexBackgroundColor: '#10263f',
		// Google fetches it.
		...(origin.startsWith('https:') && { logo: { sourceUri: { uri: `${origin}/icon-180.png` } } })
	};
}

const lines = ['office', 'line', 'sector', 'country', 'photographs'] as const satisfies readonly (keyof PassTexts)[];

/** A pass as Google keeps it. Of a badge that is no longer valid nothing of its holder is left. */
function objectOf(wallet: GoogleWallet, pass: WalletPass, texts: PassTexts) {
	const ids = { id: googlePassId(wallet, pass.badge), classId: `${wallet.issuer}.${pass.summit.id}` };
	if (pass.code === null)
		return {
			...ids,
			state: 'INACTIVE',
			ticketHolderName: '',
			ticketNumber: '',
			ticketType: null,
			barcode: null,
			textModulesData: [{ id: 'invalid', body: texts.invalid }]
		};
	return {
		...ids,
		state: 'ACTIVE',
		ticketHolderName: texts.name,
		ticketNumber: texts.badgeCode,
		ticketType: words(texts.category),
		barcode: { type: 'QR_CODE', value: pass.code, alternateText: texts.badgeCode },
		validTimeInterval: { end: { date: passTimes(pass.summit).until.toISOString() } },
		textModulesData: lines.filter((id) => texts[id] !== '').map((id) => ({ id, body: texts[id] }))
	};
}

/** A pass and the class of its Summit, in a language. */
export function googlePass(wallet: GoogleWallet, pass: WalletPass, language: Locale, origin: string) {
	return withLocale(language, () => {
		const texts = passTexts(pass);
		return { class: classOf(wallet, pass.summit, texts, origin), object: objectOf(wallet, pass, texts) };
	});
}

/** The address at Google that saves a pass for who opens it. Only then Google gets what it carries. */
export async function googleSaveLink(
	wallet: GoogleWallet,
	pass: WalletPass,
	language: Locale,
	origin: string
): Promise<string> {
	const made = googlePass(wallet, pass, language, origin);
	const token = await new SignJWT({
		typ: 'savetowallet',
		origins: [origin],
		payload: { eventTicketClasses: [made.class], eventTicketObjects: [made.object] }
	})
		.setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
		.setIssuer(wallet.account)
		.setAudience('google')
		.setIssuedAt()
		.sign(await importPKCS8(wallet.key, 'RS256'));
	return `https://pay.google.com/gp/v/save/${token}`;
}
