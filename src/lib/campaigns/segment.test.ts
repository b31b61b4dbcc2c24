import { expect, test } from 'vitest';
import { kindFrom, segmentFrom, segmentQuery, type CampaignSegment } from './segment.ts';

const whole: CampaignSegment = {
	recipients: 'people',
	sectors: ['government', 'civil_society'],
	standings: ['suspended'],
	regions: ['Africa'],
	countries: ['UY', 'KE'],
	not_nominated: '6b1f4c7e-0b52-4c8e-9d43-0a4b1b1f9a10',
	overdue: true,
	group: 'REFRDATA'
};

test.each([[whole], [{ recipients: 'focal_points' } as CampaignSegment]])(
	'%j comes back from its address',
	(segment) => {
		expect(segmentFrom(new URLSearchParams(segmentQuery(segment, 'news')))).toEqual(segment);
	}
);

test('ignores what is no value', () => {
	const search = new URLSearchParams(
		'recipients=all&sector=x&standing=&country=uy&not_nominated=1&group=%00&overdue=1'
	);
	expect([segmentFrom(search), kindFrom(search)]).toEqual([{ recipients: 'focal_points' }, 'service']);
});
