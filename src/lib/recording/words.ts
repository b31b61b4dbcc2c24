import type { RefusalOf } from '#lib/database/calls.ts';
import { joinWords } from '#lib/i18n/list.ts';
import { m } from '#lib/i18n/messages.ts';
import type { RecordingLanguage, RecordingTrim } from '#lib/database/answers/recording.ts';
import { playbackTime, type Chapter, type CaptionCue, type RunRecording } from './recording.ts';
import { positionText } from './trim.ts';

/** The notice about a recording for everyone on the page; null when nothing is recorded. */
export function markSentence(recording: RunRecording | null, isLive: boolean): string | null {
	if (recording?.state === 'paused') return m.recording_paused();
	if (recording?.state === 'running') return m.recording_running();
	if (recording?.state === 'wanted') return isLive ? m.recording_wanted() : m.recording_before();
	return null;
}

/** The state of a recording, for those who run the session. */
export function deskSentence({ state, why, is_silent, has_lost_sound }: RunRecording): string {
	if (is_silent) return m.recording_silent();
	if (has_lost_sound) return m.recording_sound_lost();
	if (state === 'paused') return why === 'consent' ? m.recording_paused_consent() : m.recording_is_paused();
	if (state === 'running') return m.recording_on();
	return state === 'wanted' ? m.recording_begins() : m.recording_off();
}

type Refused = Exclude<RefusalOf<'set_large_audience' | 'start_recording'>, 'already' | 'not_found'> | 'no_recorder';

/** Why it was not started, or not turned on. */
export function refusedSentence(status: Refused, people: string[]): string {
	const words: Record<Refused, () => string> = {
		consent: () => m.recording_refused_consent({ people: joinWords(people) }),
		level: m.recording_refused_level,
		not_planned: m.recording_not_planned,
		over: m.recording_refused_over,
		ended: m.recording_refused_over,
		no_recorder: m.recording_refused_no_recorder
	};
	return words[status]();
}

/** How a recording is trimmed. */
export function trimSentence({ state, reason, from_ms, until_ms, before_ms, after_ms }: RecordingTrim): string {
	const cut = { before: positionText(before_ms), after: positionText(after_ms) };
	if (state === 'done') return m.recording_trim_done(cut);
	if (state === 'kept') return m.recording_trim_kept(cut);
	if (state === 'failed') return reason === 'no_picture' ? m.recording_trim_failed_frame() : m.recording_trim_failed();
	if (state === 'held') return m.recording_trim_waits();
	return m.recording_trim_waiting({ from: positionText(from_ms ?? 0), until: positionText(until_ms ?? 0) });
}

/** The state of the sound of a language, for organisers. */
export function languageSentence({ state, missing_ms }: RecordingLanguage): string {
	const words: Record<RecordingLanguage['state'], () => string> = {
		recording: m.recording_language_recording,
		waiting: m.recording_language_waiting,
		ready: () =>
			missing_ms > 0
				? m.recording_language_gaps({ length: playbackTime(missing_ms) })
				: m.recording_language_complete(),
		leaving: m.recording_language_leaving,
		refused: m.recording_language_refused,
		silent: m.recording_language_silent,
		failed: m.recording_language_failed
	};
	return words[state]();
}

type TrimRefused = Exclude<RefusalOf<'trim_recording' | 'undo_recording_trim'>, 'not_found'>;

/** Why a recording was not trimmed, or a trim not undone. */
export function refusedTrim(status: TrimRefused): string {
	const words: Record<TrimRefused, () => string> = {
		published: m.recording_trim_published,
		held: m.recording_trim_held,
		range: m.recording_trim_range,
		already: m.recording_trim_nothing,
		refused: m.recording_refused_changed
	};
	return words[status]();
}

/** What is visible from a moment on. */
export function chapterWord({ kind, at, name, page }: Chapter): string {
	if (kind === 'slide') return m.recording_chapter_slide({ page: page ?? 0 });
	if (kind === 'on_stage' && name) return name;
	return at === 0 ? m.recording_chapter_began() : m.recording_chapter_goes_on();
}

const stamp = (milliseconds: number) => new Date(milliseconds).toISOString().slice(11, 23);

/** Cues as WebVTT. */
export function cuesFile(cues: readonly CaptionCue[]): string {
	const lines = cues.map(({ starts, ends, words }) => {
		// No name and no line may end a cue or begin mark-up.
		const safe = words.replace(/\s+/g, ' ').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
		return `${stamp(starts)} --> ${stamp(Math.max(ends, starts + 1))}\n${safe}\n`;
	});
	return ['WEBVTT\n', ...lines].join('\n');
}

/** The chapters, each until the next one. */
export function chapterCues(chapters: readonly Chapter[], length: number): CaptionCue[] {
	return chapters.map((chapter, index) => ({
		starts: chapter.at,
		ends: chapters[index + 1]?.at ?? length,
		words: chapterWord(chapter)
	}));
}
