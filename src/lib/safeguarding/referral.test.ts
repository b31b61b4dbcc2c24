import { expect, test } from 'vitest';
import { referralData } from './referral.ts';

test('the letter holds the authority, the reference and what the lead wrote', () => {
	expect(
		referralData({
			case: { reference: 'ABC234', category: 'child' },
			duty: { authority: 'Fiscalía', address: 'Calle 1\nMontevideo' },
			summit: 'Global Summit',
			words: 'On Monday …',
			signatory: 'A Lead',
			at: '2027-03-01T10:00:00Z',
			zone: 'America/Montevideo'
		})
	).toMatchObject({
		lang: 'en',
		title: 'Referral ABC234',
		authority: 'Fiscalía',
		date: '1 March 2027',
		heading: 'Referral: harm to a child',
		words: 'On Monday …',
		office: 'Safeguarding, Global Summit'
	});
});
