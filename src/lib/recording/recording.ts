import type { TextMap } from '#lib/i18n/locale.ts';
import type { Poll } from '#lib/participation/participation.ts';
import type { LayoutChoice } from '#lib/stage/arrangement.ts';
import type { ShownSlides } from '#lib/stage/flow.ts';
import type { OnStage } from '#lib/stage/stage.ts';

/** `recording_of_run`: what everybody who sees a session knows of its recording. */
export interface RunRecording {
	/** Null: nothing is recorded. */
	state: 'wanted' | 'running' | 'paused' | null;
	/** Why it is paused. */
	why: 'run' | 'consent' | null;
	/** For who runs the session. */
	may_start?: boolean;
	is_planned?: boolean;
	/** It should come, and does not. */
	is_silent?: boolean;
	/** People speak, and nothing of it is heard in the recording. */
	has_lost_sound?: boolean;
	/** Null where Egress does not run. */
	large: LargeAudience | null;
}

/** Whether a public run is sent as HLS too, for more people than LiveKit would carry. */
export interface LargeAudience {
	state: 'off' | 'begins' | 'on';
	may_turn: boolean;
}

/** The cookie by which a browser says of which session it has read the content note, by its code. */
export const readNote = 'large-read';

/** What the recorder's page shows, and whether anything is to be recorded now. */
export interface RecorderView {
	due: boolean;
	title: TextMap;
	/** Those on stage who have agreed; nobody else is heard or seen. */
	on_stage: OnStage[];
	/** How the hosts have it shown. */
	staged: LayoutChoice;
	slides: ShownSlides | null;
	/** The poll that is shown, as the stage's picture has it. */
	poll: Poll | null;
	/** Identities of who signs and may be drawn. */
	signing: string[];
}

/** A place in a recording to which one can go. `at` in milliseconds. */
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

/** What of a session may be watched again. */
export interface SessionRecording {
	id: string;
	session: string;
	recorded_at: string;
	length_ms: number;
	chapters: Chapter[];
}

/** A kind of file in which there is a recording. */
export type RecordingFormat = 'webm' | 'mp4';

/** What a browser is asked whether it plays it. */
export const playedTypes: Record<RecordingFormat, string> = {
	webm: 'video/webm; codecs="vp8, opus"',
	mp4: 'video/mp4; codecs="avc1.64001f, mp4a.40.2"'
};

/** As people call it. */
export const formatNames: Record<RecordingFormat, string> = { webm: 'WebM', mp4: 'MP4' };

/** What became of a recording. */
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
	/** Who does not want to be seen by others. */
	unwilling: string[];
}

/** 3725000 milliseconds as 1:02:05. */
export function playbackTime(milliseconds: number): string {
	const seconds = Math.floor(milliseconds / 1000);
	const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
	const two = (value: number) => String(value).padStart(2, '0');
	return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
