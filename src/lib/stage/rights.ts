import type { PublishSource, Rights } from '#lib/database/answers/stage/stage.ts';

export type { PublishSource, Rights } from '#lib/database/answers/stage/stage.ts';

/** The LiveKit permission of one participant. */
export interface Permission {
	canSubscribe: boolean;
	canPublish: boolean;
	canPublishData: boolean;
	canUpdateMetadata: boolean;
	/** Hidden from all others: everyone who only watches. */
	hidden: boolean;
	sources: readonly PublishSource[];
}

/** What to do about a participant in a LiveKit room. */
type RightsVerdict = 'keep' | 'change' | 'remove';

/** Which of a run's two rooms. */
export type Purpose = 'stage' | 'green_room';

// Sharing a screen includes its audio. Unknown words are ignored.
function sourcesOf(rights: readonly string[]): PublishSource[] {
	const found: PublishSource[] = [];
	if (rights.includes('camera')) found.push('camera');
	if (rights.includes('microphone')) found.push('microphone');
	if (rights.includes('screen')) found.push('screen', 'screen_sound');
	return found;
}

/**
 * The whole permission for these rights: a participant who publishes nothing is hidden, and nobody ever sends data (docs/architecture.md,
 * rule 6). An encoder hears and sees nobody.
 */
export function permissionFor(rights: readonly string[], isEncoder = false): Permission {
	const sources = sourcesOf(rights);
	return {
		canSubscribe: !isEncoder,
		canPublish: sources.length > 0,
		canPublishData: false,
		canUpdateMetadata: false,
		hidden: sources.length === 0,
		sources
	};
}

/** Compares the present permission with the required one. `actual` is null when LiveKit gave none. */
export function judgeRights(rights: Rights, actual: Permission | null, isEncoder = false): RightsVerdict {
	if (rights === null) return 'remove';
	if (actual === null) return 'change';
	const wanted = permissionFor(rights, isEncoder);
	// An encoder offers its tracks once, when it connects: it reconnects automatically.
	if (isEncoder && wanted.canPublish && !actual.canPublish) return 'remove';
	const same =
		actual.canSubscribe === wanted.canSubscribe &&
		actual.canPublish === wanted.canPublish &&
		actual.canPublishData === wanted.canPublishData &&
		actual.canUpdateMetadata === wanted.canUpdateMetadata &&
		actual.hidden === wanted.hidden &&
		// Without the right to publish the list has no effect, and LiveKit may omit it.
		(!wanted.canPublish || [...actual.sources].sort().join() === [...wanted.sources].sort().join());
	return same ? 'keep' : 'change';
}
