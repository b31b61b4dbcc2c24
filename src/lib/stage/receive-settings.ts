/** How much is received, best first: large video, small video, slides with audio, audio, captions only. */
export const qualityLevels = ['hd', 'sd', 'slides', 'audio', 'captions'] as const;
export type QualityLevel = (typeof qualityLevels)[number];

/** A track that LiveKit lists; `unknown` is a kind that none of our pages sends. */
export interface MediaPublication {
	identity: string;
	source: 'camera' | 'screen' | 'microphone' | 'screen_sound' | 'unknown';
}

/** What the reader wants to receive. */
export interface ReceiveChoice {
	level: QualityLevel;
	/** The identities that our own run state names on stage; null where LiveKit's list can be trusted, as in the green room. */
	onStage: readonly string[] | null;
	/** Interpreters who are listened to, and the volume of the original under them, 0 to 1. */
	languages: { played: readonly string[]; floor: number };
	/** Identities whose camera stays at every level with video: sign language. */
	pinned: readonly string[];
	/** Of those, the cameras that are shown, and the highest layer of each; null: all, at the layer of the level. */
	shown: { cameras: readonly string[]; most: 'high' | 'medium' | 'low' } | null;
}

/** The settings of one publication in LiveKit. */
interface ReceiveSettings {
	subscribed: boolean;
	/** The highest layer to receive; null for audio, and for what is not received. */
	quality: 'high' | 'medium' | 'low' | null;
	/** 0 to 1; 0 for video. */
	volume: number;
}

/** A reader without a choice, and nobody on stage. */
export const defaultReceiveChoice: ReceiveChoice = {
	level: 'hd',
	onStage: [],
	languages: { played: [], floor: 1 },
	pinned: [],
	shown: null
};

const nothing: ReceiveSettings = { subscribed: false, quality: null, volume: 0 };

/** Whether, in which quality and how loud a publication is received. A person who is neither on stage nor chosen is never received. */
export function receiveSettings({ identity, source }: MediaPublication, choice: ReceiveChoice): ReceiveSettings {
	if (choice.level === 'captions') return nothing;
	const isOnStage = choice.onStage === null || choice.onStage.includes(identity);
	switch (source) {
		case 'microphone':
			if (choice.languages.played.includes(identity)) return audible(1);
			return isOnStage ? audible(choice.languages.floor) : nothing;
		case 'screen_sound':
			return isOnStage ? audible(choice.languages.floor) : nothing;
		case 'camera':
			if (choice.shown && !choice.shown.cameras.includes(identity)) return nothing;
			return choice.pinned.includes(identity) || isOnStage ? visible(qualityOfCamera(identity, choice)) : nothing;
		case 'screen':
			return isOnStage ? visible(qualities.screen[choice.level]) : nothing;
		case 'unknown':
			return nothing;
	}
}

// A screen's second layer has its full size; the first, for poor connections, has half of it and few frames.
const qualities = {
	camera: { hd: 'high', sd: 'medium', slides: null, audio: null },
	pinned: { hd: 'high', sd: 'medium', slides: 'low', audio: null },
	screen: { hd: 'high', sd: 'medium', slides: 'low', audio: null }
} as const;

function qualityOfCamera(identity: string, { level, pinned, shown }: ReceiveChoice): ReceiveSettings['quality'] {
	if (level === 'captions') return null;
	const quality = qualities[pinned.includes(identity) ? 'pinned' : 'camera'][level];
	return quality && shown ? lowerOf(quality, shown.most) : quality;
}

const layers = ['high', 'medium', 'low'] as const;

function lowerOf(one: (typeof layers)[number], other: (typeof layers)[number]): (typeof layers)[number] {
	return layers[Math.max(layers.indexOf(one), layers.indexOf(other))] ?? 'low';
}

function visible(quality: ReceiveSettings['quality']): ReceiveSettings {
	return quality ? { subscribed: true, quality, volume: 0 } : nothing;
}

// Muted tracks are not received either.
function audible(volume: number): ReceiveSettings {
	return volume > 0 ? { subscribed: true, quality: null, volume: Math.min(1, volume) } : nothing;
}
