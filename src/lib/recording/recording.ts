import type { TextMap } from '#lib/i18n/locale.ts';
import type { Poll } from '#lib/participation/participation.ts';
import type { LayoutChoice } from '#lib/stage/arrangement.ts';
import type { ShownSlides } from '#lib/stage/flow.ts';
import type { OnStage } from '#lib/stage/stage.ts';

/** `recording_of_run`: the state of a recording for everyone who may see the session. */
export interface RunRecording {
	/** Null: nothing is recorded. */
	state: 'wanted' | 'running' | 'paused' | null;
	/** Why it is paused. */
	why: 'run' | 'consent' | null;
	/** For those who run the session. */
	may_start?: boolean;
	is_planned?: boolean;
	/** It should run, and does not. */
	is_silent?: boolean;
	/** People speak, and the recording is silent. */
	has_lost_sound?: boolean;
	/** Null where Egress does not run. */
	large: LargeAudience | null;
}

/** Whether a public run is also sent as HLS, for more people than LiveKit would serve. */
export interface LargeAudience {
	state: 'off' | 'begins' | 'on';
	may_turn: boolean;
}

/** The cookie that stores of which session the browser has confirmed the content note, by its code. */
export const noteCookie = 'large-read';

/** What the recorder's page shows, and whether to record now. */
export interface RecorderView {
	due: boolean;
	title: TextMap;
	/** Those on stage who have consented; nobody else is heard or seen. */
	on_stage: OnStage[];
	/** The layout that the hosts chose. */
	staged: LayoutChoice;
	slides: ShownSlides | null;
	/** The poll that is shown, as on the stage. */
	poll: Poll | null;
	/** Identities of signers who may be drawn. */
	signing: string[];
}

/** A position in a recording to seek to. `at` in milliseconds. */
export interface Chapter {
	at: number;
	kind: 'began' | 'on_stage' | 'slide';
	name: string | null;
	page: number | null;
}

/** A line of captions, in milliseconds of the file. */
export interface CaptionCue {
	starts: number;
	ends: number;
	words: string;
}

/** The recordings of a session that may be watched. */
export interface SessionRecording {
	id: string;
	session: string;
	recorded_at: string;
	length_ms: number;
	chapters: Chapter[];
}

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

/** A recording as organisers see it. */
export interface ListedRecording {
	id: string;
	code: string;
	title: TextMap;
	state: RecordingState;
	reason: string;
	recorded_at: string;
	length_ms: number | null;
	is_published: boolean;
	is_shown: boolean;
	may_look: boolean;
	has_file: boolean;
	chapters: Chapter[];
	/** People who do not want to be seen. */
	unwilling: string[];
}

/** 3725000 milliseconds as 1:02:05. */
export function playbackTime(milliseconds: number): string {
	const seconds = Math.floor(milliseconds / 1000);
	const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
	const two = (value: number) => String(value).padStart(2, '0');
	return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
