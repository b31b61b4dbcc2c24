import type { LargeAudience, RecorderRun, RecordedRun } from '#lib/database/answers/recording.ts';

export type {
	CaptionCue,
	Chapter,
	LargeAudience,
	ListedRecording,
	SessionRecording
} from '#lib/database/answers/recording.ts';

/** The state of a recording for everyone who may see the session; `large` is null where Egress does not run. */
export type RunRecording = RecordedRun & { large: LargeAudience | null };

/** What the recorder's page shows, and whether to record now. */
export type RecorderView = Omit<RecorderRun, 'room' | 'identity'>;

/** The cookie that stores which content note the browser has confirmed: the session's code, a dot and the note's version. */
export const noteCookie = 'large-read';

/** A file format of a recording. */
export type RecordingFormat = 'webm' | 'mp4';

/** The MIME type for `canPlayType`. */
export const playedTypes: Record<RecordingFormat, string> = {
	webm: 'video/webm; codecs="vp8, opus"',
	mp4: 'video/mp4; codecs="avc1.64001f, mp4a.40.2"'
};

/** Its common name. */
export const formatNames: Record<RecordingFormat, string> = { webm: 'WebM', mp4: 'MP4' };

/** The state of a recording. */
export type RecordingState = 'wanted' | 'running' | 'paused' | 'stopped' | 'ready' | 'failed' | 'sealed';

/** 3725000 milliseconds as 1:02:05. */
export function playbackTime(milliseconds: number): string {
	const seconds = Math.floor(milliseconds / 1000);
	const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
	const two = (value: number) => String(value).padStart(2, '0');
	return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
