import type { LocalVideoTrack } from 'livekit-client';

/** After how many checks in a row without a new frame the camera is restarted, and how often in a row that is tried. */
const quietChecks = 2;
const restarts = 3;

/** fine: frames arrive, or cannot be counted. quiet: none since the last check. restart: open the camera again. failed: that did not help. */
export type CameraCheck = 'fine' | 'quiet' | 'restart' | 'failed';

/** Notices a camera that is open and gives no frames, as browsers sometimes leave it when it was closed and opened again at once. */
export class CameraWatch {
	#last: number | null = null;
	#quiet = 0;
	#restarts = 0;

	/** One check. `frames`: those that the camera gave until now; null where they cannot be counted, or none are wanted. */
	check(frames: number | null): CameraCheck {
		const isQuiet = frames !== null && frames === this.#last;
		this.#last = frames;
		if (!isQuiet) {
			this.#quiet = 0;
			// The count of a camera that was opened again begins at zero.
			if (frames) this.#restarts = 0;
			return 'fine';
		}
		this.#quiet += 1;
		if (this.#quiet < quietChecks) return 'quiet';
		if (this.#restarts === restarts) return 'failed';
		this.#quiet = 0;
		this.#restarts += 1;
		return 'restart';
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
