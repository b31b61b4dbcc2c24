/* A thousand badges to PDF, with their codes signed, as the organisers' page prints them. */
import { randomUUID } from 'node:crypto';
import { layouts } from '../../src/lib/badges/layouts.ts';
import { paperOf, type CodedBadge } from '../../src/lib/badges/paper.ts';
import { badgesTemplate } from '../../src/lib/badges/template.ts';
import { layoutWord } from '../../src/lib/badges/words.ts';
import { signBadge } from '../../src/lib/door/badge.ts';
import { readBadgeKeys } from '../../src/lib/door/server/badge-key.ts';
import { drawCode } from '../../src/lib/door/server/picture.ts';
import { renderLongPdf } from '../../src/lib/files/server/pdf.ts';
import type { TestSummit } from '../fixtures/summit.ts';
import { ms, print, type Figure } from './report.ts';

const COUNT = 1000;
const names = ['Amara Okafor', 'عائشة الفهري', 'Александра Вознесенская', 'Nguyễn Thị Dương', '李明霞', '김서연'];

/** Measures signing and typesetting, by paper size. */
export async function measureBadges({ variables }: TestSummit): Promise<void> {
	const { signer } = await readBadgeKeys(variables.BADGE_KEY);
	const summit = randomUUID();
	const began = performance.now();
	const badges: CodedBadge[] = [];
	for (let n = 0; n < COUNT; n++) {
		const badge = randomUUID();
		badges.push({
			badge,
			badge_code: badge.slice(24).toUpperCase(),
			display_name: `${names[n % names.length] ?? ''} ${n}`,
			office: 'Director of Programmes',
			affiliation: 'Quiet Harbour Foundation',
			country: null,
			category: 'delegate',
			languages: ['en', 'fr'],
			no_photographs: n % 5 === 0,
			line: [],
			code: drawCode(await signBadge({ badge, summit, mode: 'in_person', days: [0, 1] }, signer))
		});
	}
	const signed = performance.now() - began;
	const figures: Figure[] = [{ what: `${COUNT} codes signed and drawn`, value: ms(signed) }];
	const place = {
		name: { original: 'en', en: 'Summit' },
		city: { original: 'en', en: 'Lisbon' },
		starts_on: '2027-06-09',
		ends_on: '2027-06-10'
	};
	for (const layout of layouts.filter(({ key }) => key === 'a6' || key === 'a4-8' || key === '62x100')) {
		const start = performance.now();
		const pdf = await renderLongPdf(badgesTemplate, paperOf(badges, layout, place, 'en', 'https://summit.example'));
		figures.push({
			what: `${COUNT} badges, ${layoutWord(layout.key)}`,
			value: `${ms(performance.now() - start)}, ${(pdf.length / 1e6).toFixed(1)} MB`
		});
	}
	print('Badges on paper', figures);
}
