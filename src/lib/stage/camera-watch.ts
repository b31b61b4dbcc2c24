import type { LocalVideoTrack } from 'livekit-client';

/** After how many checks in a row without a new frame the camera is opened again. */
const quietChecks = 2;
/** For how many milliseconds it is closed before that: a camera that several pages use recovers once all of them have closed it. */
const pauses = [1000, 3000, 9000] as const;

/** fine: frames arrive, or cannot be counted. quiet: none since the last check. reopen: close the camera, and open it. failed: that did not help. */
export type CameraCheck = 'fine' | 'quiet' | 'reopen' | 'failed';

/** Notices a camera that is open and gives no frames, as browsers sometimes leave it when it was closed and opened again at once. */
export class CameraWatch {
	#last: number | null = null;
	#quiet = 0;
	#reopened = 0;
	/** For how many milliseconds to close the camera that is to be reopened. */
	pause = 0;

	/** One check. `frames`: those that the camera gave until now; null where they cannot be counted, or none are wanted. */
	check(frames: number | null): CameraCheck {
		const isQuiet = frames !== null && frames === this.#last;
		this.#last = frames;
		if (!isQuiet) {
			this.#quiet = 0;
			// The count of a camera that was opened again begins at zero.
			if (frames) this.#reopened = 0;
			return 'fine';
		}
		this.#quiet += 1;
		if (this.#quiet < quietChecks) return 'quiet';
		const pause = pauses[this.#reopened];
		if (pause === undefined) return 'failed';
		this.#quiet = 0;
		this.#reopened += 1;
		this.pause = pause;
		return 'reopen';
	}
}

/** Counts the frames of a camera that is sent; null where the browser does not count them, or nobody receives them. */
export async function framesOf({ sender, mediaStreamTrack }: LocalVideoTrack): Promise<number | null> {
	// The system itself can hold a camera back, for example during a call.
	if (!sender || mediaStreamTrack.muted || mediaStreamTrack.readyState === 'ended') return null;
	if (!sender.getParameters().encodings.some(({ active }) => active)) return null;
	const report = (await sender.getStats().catch(() => null)) as ReadonlyMap<string, SourceStat> | null;
	for (const stat of report?.values() ?? []) if (stat.type === 'media-source') return stat.frames ?? null;
	return null;
}

interface SourceStat {
	type: string;
	frames?: number;
}
