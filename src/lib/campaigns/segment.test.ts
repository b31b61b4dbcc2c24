import { expect, test } from 'vitest';
import { kindFrom, segmentFrom, sentChoices, type CampaignSegment } from './segment.ts';

const whole: CampaignSegment = {
	recipients: 'people',
	sectors: ['government', 'civil_society'],
	standings: ['suspended'],
	regions: ['Africa'],
	countries: ['KE', 'UY'],
	took_part: '0d1f4c7e-0b52-4c8e-9d43-0a4b1b1f9a11',
	not_nominated: '6b1f4c7e-0b52-4c8e-9d43-0a4b1b1f9a10',
	overdue: true,
	group: 'REFRDATA'
};

test('comes from the fields of the form', () => {
	const search = sentChoices({
		kind: 'news',
		recipients: 'people',
		'sector[]': ['government', 'civil_society'],
		'standing[]': ['suspended'],
		'region[]': ['Africa'],
		'country[]': ['KE', 'UY'],
		took_part: whole.took_part ?? '',
		not_nominated: whole.not_nominated ?? '',
		overdue: 'on',
		group: 'REFRDATA'
	});
	expect([segmentFrom(search), kindFrom(search)]).toEqual([whole, 'news']);
	expect(segmentFrom(sentChoices({ title: 'x' }))).toEqual({ recipients: 'focal_points' });
});

test('ignores what is no value', () => {
	const search = new URLSearchParams(
		'recipients=all&sector=x&standing=&country=uy&took_part=x&not_nominated=1&group=%00&overdue='
	);
	expect([segmentFrom(search), kindFrom(search)]).toEqual([{ recipients: 'focal_points' }, 'service']);
});
