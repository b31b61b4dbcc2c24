/* How the sound of a language stays in step with the picture. No I/O. */

/** What the sound does next: the position that it goes to, in seconds, or null; and its playback rate. */
export interface Step {
	goTo: number | null;
	rate: number;
}

// Nobody notices less; lips and voice of an interpreter are apart by seconds anyway. Seconds.
const unnoticed = 0.08;
// More than this is caught up by a jump: at most 8 % faster, it would take too long.
const jump = 0.5;
const most = 0.08;

/** The next step of the sound at these positions, in seconds, while the picture plays at `rate`. */
export function stepTo(picture: number, sound: number, rate: number): Step {
	const drift = sound - picture;
	if (Math.abs(drift) > jump) return { goTo: picture, rate };
	if (Math.abs(drift) <= unnoticed) return { goTo: null, rate };
	// It is caught up within some two seconds.
	const change = Math.max(-most, Math.min(most, -drift / 2));
	return { goTo: null, rate: rate * (1 + change) };
}

/** What is asked for and what can play. */
export interface Readiness {
	/** The viewer wants to play. */
	wantsToPlay: boolean;
	isPictureReady: boolean;
	/** The picture is not held back. */
	isPictureMoving: boolean;
	isSoundReady: boolean;
}

/** Who may play: each waits while the other has nothing to play. */
export function whoPlays({ wantsToPlay, isPictureReady, isPictureMoving, isSoundReady }: Readiness): {
	picture: boolean;
	sound: boolean;
} {
	return {
		picture: wantsToPlay && isSoundReady,
		sound: wantsToPlay && isSoundReady && isPictureReady && isPictureMoving
	};
}
