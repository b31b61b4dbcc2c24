/** How much is fetched, best first: pictures large, pictures small, slides with sound, sound, nothing but captions. */
export const qualityLevels = ['hd', 'sd', 'slides', 'audio', 'captions'] as const;
export type QualityLevel = (typeof qualityLevels)[number];

/** One thing that LiveKit says somebody sends; `unknown` is what no page of ours sends. */
export interface MediaPublication {
	identity: string;
	source: 'camera' | 'screen' | 'microphone' | 'screen_sound' | 'unknown';
}

/** What the reader is to receive. */
export interface ReceiveChoice {
	level: QualityLevel;
	/** Whom our own run state names on stage; null where LiveKit's list may be believed, as in the green room. */
	onStage: readonly string[] | null;
	/** Interpreters that are listened to, and how loud the floor is under them, 0 to 1. */
	languages: { heard: readonly string[]; floor: number };
	/** Whose camera stays on every level that has pictures: sign language. */
	pinned: readonly string[];
}

/** What is asked of LiveKit for one publication. */
export interface ReceiveSettings {
	subscribed: boolean;
	/** The best layer that is fetched; null for sound, and for what is not fetched. */
	quality: 'high' | 'medium' | 'low' | null;
	/** 0 to 1; 0 for pictures. */
	volume: number;
}

/** A reader who has chosen nothing yet, and for whom nobody is on stage. */
export const defaultReceiveChoice: ReceiveChoice = {
	level: 'hd',
	onStage: [],
	languages: { heard: [], floor: 1 },
	pinned: []
};

const nothing: ReceiveSettings = { subscribed: false, quality: null, volume: 0 };

/** Whether, how well and how loud a publication is received. Who is neither on stage nor chosen is never fetched. */
export function receiveSettings({ identity, source }: MediaPublication, choice: ReceiveChoice): ReceiveSettings {
	if (choice.level === 'captions') return nothing;
	const isOnStage = choice.onStage === null || choice.onStage.includes(identity);
	switch (source) {
		case 'microphone':
			if (choice.languages.heard.includes(identity)) return heard(1);
			return isOnStage ? heard(choice.languages.floor) : nothing;
		case 'screen_sound':
			return isOnStage ? heard(choice.languages.floor) : nothing;
		case 'camera':
			return choice.pinned.includes(identity) || isOnStage ? seen(qualityOfCamera(identity, choice)) : nothing;
		case 'screen':
			return isOnStage ? seen(qualities.screen[choice.level]) : nothing;
		case 'unknown':
			return nothing;
	}
}

// A screen's second layer has its whole size; the first, for poor lines, has half of it and few frames.
const qualities = {
	camera: { hd: 'high', sd: 'medium', slides: null, audio: null },
	pinned: { hd: 'high', sd: 'medium', slides: 'low', audio: null },
	screen: { hd: 'high', sd: 'medium', slides: 'low', audio: null }
} as const;

function qualityOfCamera(identity: string, { level: level, pinned }: ReceiveChoice): ReceiveSettings['quality'] {
	if (level === 'captions') return null;
	return qualities[pinned.includes(identity) ? 'pinned' : 'camera'][level];
}

function seen(quality: ReceiveSettings['quality']): ReceiveSettings {
	return quality ? { subscribed: true, quality, volume: 0 } : nothing;
}

// What is not to be heard is not fetched either.
function heard(volume: number): ReceiveSettings {
	return volume > 0 ? { subscribed: true, quality: null, volume: Math.min(1, volume) } : nothing;
}
