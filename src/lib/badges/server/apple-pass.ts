/* Passes of Apple Wallet: a signed zip file of JSON, texts and pictures. */
import { locales, type Locale } from '#lib/i18n/locale.ts';
import { withLocale } from '#lib/i18n/server/request-locale.ts';
import { PKPass } from 'passkit-generator';
import mark from '../../../../static/icon.svg?raw';
import { passTexts, passTimes, type PassTexts, type WalletPass } from '../wallet-pass.ts';
import { appleCertificate, type AppleWallet } from '../wallet-settings.ts';

/** The type of a pass, by which devices know it. */
export const applePassType = 'application/vnd.apple.pkpass';

/** Where a device asks for the latest pass, and how it proves that it has one. */
export interface PassService {
	url: string;
	token: string;
}

// Apple knows Chinese by its script alone.
const folders: Record<Locale, string> = { en: 'en', fr: 'fr', es: 'es', ar: 'ar', ru: 'ru', zh: 'zh-Hans', pt: 'pt' };

// Those of the ink ground, as in tokens.css.
const colours = {
	backgroundColor: 'rgb(16, 38, 63)',
	foregroundColor: 'rgb(243, 246, 249)',
	labelColor: 'rgb(180, 194, 209)'
};

let pictures: Promise<Record<string, Buffer>> | undefined;

/** The project's mark as icon and logo, in the three densities of screens. */
function theMark(): Promise<Record<string, Buffer>> {
	pictures ??= drawMark();
	pictures.catch(() => (pictures = undefined));
	return pictures;
}

async function drawMark(): Promise<Record<string, Buffer>> {
	const { default: sharp } = await import('sharp');
	const sizes = Object.entries({ icon: 29, logo: 50 }).flatMap(([name, points]) =>
		[1, 2, 3].map((times) => [`${name}${times === 1 ? '' : `@${times}x`}.png`, points * times] as const)
	);
	const draw = async ([name, size]: (typeof sizes)[number]) =>
		[
			name,
			await sharp(Buffer.from(mark), { density: 72 * 8 })
				.resize(size, size)
				.png()
				.toBuffer()
		] as const;
	return Object.fromEntries(await Promise.all(sizes.map(draw)));
}

/** Where each text of a pass stands; empty ones are left out. */
function fieldsOf(texts: PassTexts) {
	const fields = (...keys: (keyof PassTexts)[]) =>
		keys.filter((key) => texts[key] !== '').map((key) => ({ key, value: texts[key] }));
	return {
		headerFields: fields('place', 'dates'),
		primaryFields: fields('name', 'invalid'),
		secondaryFields: fields('office'),
		auxiliaryFields: [
			...fields('category', 'sector', 'country').map((field) => ({ ...field, row: 0 as const })),
			...fields('line', 'photographs').map((field) => ({ ...field, row: 1 as const }))
		]
	};
}

// The library writes the texts as they come into a file in which quotes end them.
const escaped = (value: string) => value.replaceAll('\\', '\\\\').replaceAll('"', '\\"');

/** The file of a pass. Without `service` a device never asks for a later one. Throws when the certificate has ended. */
export async function makeApplePass(
	wallet: AppleWallet,
	pass: WalletPass,
	language: Locale,
	service: PassService | null,
	now = Date.now()
): Promise<Uint8Array<ArrayBuffer>> {
	if (appleCertificate(wallet).endsAt.getTime() <= now)
		throw Object.assign(new Error('The certificate of Apple Wallet has ended.'), { code: 'CERT_HAS_EXPIRED' });
	const texts = withLocale(language, () => passTexts(pass));
	const file = new PKPass(
		{ ...(await theMark()) },
		{ signerCert: wallet.certificate, signerKey: wallet.key, wwdr: wallet.intermediate },
		{
			passTypeIdentifier: wallet.passType,
			teamIdentifier: wallet.team,
			serialNumber: pass.badge,
			organizationName: texts.title,
			description: texts.description,
			logoText: texts.title,
			sharingProhibited: true,
			...colours,
			...(pass.code === null && { voided: true }),
			...(service && { webServiceURL: service.url, authenticationToken: service.token })
		}
	);
	file.type = 'eventTicket';
	const fields = fieldsOf(texts);
	file.headerFields.push(...fields.headerFields);
	file.primaryFields.push(...fields.primaryFields);
	file.secondaryFields.push(...fields.secondaryFields);
	file.auxiliaryFields.push(...fields.auxiliaryFields);
	const { from, until } = passTimes(pass.summit);
	file.setRelevantDate(from);
	file.setRelevantDates([{ startDate: from, endDate: until }]);
	file.setExpirationDate(until);
	if (pass.code !== null)
		file.setBarcodes({
			format: 'PKBarcodeFormatQR',
			message: pass.code,
			messageEncoding: 'iso-8859-1',
			altText: texts.badgeCode
		});
	// The texts of the pass itself are the keys of its translations, for devices in any other language show the keys.
	for (const each of locales) {
		const translated = withLocale(each, () => passTexts(pass));
		const keys = (Object.keys(texts) as (keyof PassTexts)[]).filter((key) => key !== 'badgeCode' && texts[key] !== '');
		file.localize(
			folders[each],
			Object.fromEntries(keys.map((key) => [escaped(texts[key]), escaped(translated[key])]))
		);
	}
	return new Uint8Array(file.getAsBuffer());
}
