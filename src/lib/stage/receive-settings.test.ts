import { describe, expect, test } from 'vitest';
import {
	defaultReceiveChoice,
	qualityLevels,
	receiveSettings,
	type ReceiveChoice,
	type MediaPublication
} from './receive-settings.ts';

const sources: MediaPublication['source'][] = ['camera', 'screen', 'microphone', 'screen_sound', 'unknown'];
const choice = (change: Partial<ReceiveChoice> = {}): ReceiveChoice => ({
	...defaultReceiveChoice,
	onStage: ['anna'],
	...change
});
const fetched = (identity: string, chosen: ReceiveChoice) =>
	sources.filter((source) => receiveSettings({ identity, source }, chosen).subscribed);

test('receives less at each level than at the one above', () => {
	expect(qualityLevels.map((level) => fetched('anna', choice({ level })))).toEqual([
		['camera', 'screen', 'microphone', 'screen_sound'],
		['camera', 'screen', 'microphone', 'screen_sound'],
		['screen', 'microphone', 'screen_sound'],
		['microphone', 'screen_sound'],
		[]
	]);
	const quality = (source: MediaPublication['source']) =>
		qualityLevels.map((level) => receiveSettings({ identity: 'anna', source }, choice({ level })).quality);
	expect(quality('camera')).toEqual(['high', 'medium', null, null, null]);
	expect(quality('screen')).toEqual(['high', 'medium', 'low', null, null]);
});

test('never receives a person who is not on stage by our own run state, even if LiveKit lists them', () => {
	for (const level of qualityLevels) expect(fetched('unknown', choice({ level }))).toEqual([]);
	expect(fetched('anna', defaultReceiveChoice)).toEqual([]);
	expect(fetched('anyone', choice({ onStage: null }))).toEqual(['camera', 'screen', 'microphone', 'screen_sound']);
});

describe('interpretation', () => {
	const microphone = (identity: string, change: Partial<ReceiveChoice>) =>
		receiveSettings({ identity, source: 'microphone' }, choice(change));

	test('plays a booth only to those who chose it, and sends it nothing else', () => {
		expect(microphone('booth-fr', {})).toEqual({ subscribed: false, quality: null, volume: 0 });
		const listening = { languages: { played: ['booth-fr'], floor: 0.2 } };
		expect(microphone('booth-fr', listening)).toEqual({ subscribed: true, quality: null, volume: 1 });
		expect(fetched('booth-fr', choice(listening))).toEqual(['microphone']);
		expect(fetched('booth-es', choice(listening))).toEqual([]);
	});

	test('keeps playing the original at the chosen volume, and does not receive it at zero', () => {
		expect(microphone('anna', { languages: { played: ['booth-fr'], floor: 0.2 } }).volume).toBe(0.2);
		expect(microphone('anna', { languages: { played: ['booth-fr'], floor: 0 } }).subscribed).toBe(false);
		expect(fetched('anna', choice({ languages: { played: ['booth-fr'], floor: 0 } }))).toEqual(['camera', 'screen']);
	});
});

test('keeps sign language at every level with video, and never adds a microphone for it', () => {
	const signing = (level: ReceiveChoice['level']) =>
		receiveSettings({ identity: 'signer', source: 'camera' }, choice({ level, pinned: ['signer'] }));
	expect(qualityLevels.map((level) => signing(level).quality)).toEqual(['high', 'medium', 'low', null, null]);
	expect(fetched('signer', choice({ pinned: ['signer'] }))).toEqual(['camera']);
});
