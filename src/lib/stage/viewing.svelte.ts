import { joinStream } from '#lib/live/events.svelte.ts';
import { subscribeToRun } from '#lib/live/run-events.svelte.ts';
import type { LiveEvent } from '#lib/live/topics.ts';
import type { RunRecording } from '#lib/recording/recording.ts';
import {
	applyRecording,
	applyStage,
	isCancelled,
	isRaised,
	parseStageEvent,
	withoutNames,
	type StageEvent
} from './applying.ts';
import { ThrottledReload } from './following.svelte.ts';
import type { Pass, Stage } from './stage.ts';

/** The data that a stage page was loaded with. */
interface LoadedStage {
	/** When it was read, by the server's clock: milliseconds since 1970. */
	readAt: number;
	stage: Stage;
	pass: Pass | null;
	recording: RunRecording | null;
}

/** A page's handlers of events of its stage. */
interface Page {
	loaded: () => LoadedStage;
	/** The reader's own person, and the Summit. */
	person: () => string | null;
	summit: () => string | null;
	/** The session moved to another room, with its run. */
	onmoved?: (room: string) => void;
	/** The level changed: other rules apply to what was said before. */
	onlevel?: () => void;
}

/** How long pages that only watch may delay a load that no event replaces, in milliseconds: a thousand of them load then. */
const spread = { reconnect: 8000, entry: 3000, ended: 20_000, rights: 9000, release: 120_000, level: 60_000 };

/** A stage as a page shows it: as it was loaded, and as live events of the run change it, without reading. Create it in a component's script. */
export class StageView {
	readonly #page: Page;
	readonly #loaded = $derived.by(() => this.#page.loaded());
	#stage: Stage = $derived(this.#loaded.stage);
	#isUnsure = $derived.by(() => {
		void this.#loaded;
		return false;
	});
	/** No names are shown between a change of rights and the event that says who may still watch. */
	readonly stage: Stage = $derived.by(() => (this.#isUnsure ? withoutNames(this.#stage) : this.#stage));
	recording: RunRecording | null = $derived(this.#loaded.recording);
	/** The run ended because its session was cancelled. */
	wasCancelled = $derived.by(() => this.#loaded.stage.cancelled !== null);
	/** The pass that came with the page, while it may be used. */
	pass: Pass | null = $derived(this.#loaded.pass);
	readonly #reloading = new ThrottledReload();

	constructor(page: Page) {
		this.#page = page;
		subscribeToRun(
			() => (this.#stage.entry === 'ok' ? this.#stage.run?.id : null),
			{
				kinds: {
					stage: (content, _, at) => {
						if (isCancelled(content)) this.wasCancelled = true;
						this.#apply(parseStageEvent(content), at);
					}
				},
				reload: () => this.reload(spread.reconnect)
			},
			() => this.#loaded.readAt
		);
		const topics = $derived(
			[
				this.#stage.session && `session:${this.#stage.session.id}`,
				this.#page.summit() && `summit:${this.#page.summit()}`,
				this.#page.person() && `person:${this.#page.person()}`
			]
				.filter((topic) => typeof topic === 'string')
				.join(',')
		);
		$effect(() => {
			if (topics === '') return;
			return joinStream({
				topics: topics.split(','),
				onEvent: (event) => this.#onEvent(event),
				resync: () => this.reload(spread.reconnect)
			});
		});
		$effect(() => () => this.#reloading.cancel());
	}

	/** No names are shown at this moment, though people may be there. */
	get isUnsure(): boolean {
		return this.#isUnsure;
	}

	/** Loads the stage again: at once for those who run it or are on it, who are few; for the others within so many milliseconds. */
	reload(within = 0): void {
		this.#reloading.soon(this.#stage.may_run || this.#stage.me?.is_on_stage ? 0 : within);
	}

	#onEvent({ topic, kind, id }: LiveEvent): void {
		const { run, entry, may_run, room } = this.#stage;
		if (topic.startsWith('person:')) {
			if (['rights', 'part', 'run', 'stage', 'people'].includes(kind)) this.#reloading.soon();
		} else if (topic.startsWith('summit:')) {
			if (kind === 'release' || kind === 'settings') this.reload(spread.release);
			// Another run of this room may have ended before the waiting one.
			if (kind === 'run' && id === room.id && run?.state !== 'live' && run?.state !== 'paused')
				this.reload(spread.entry);
		} else if (kind === 'rights') {
			this.#isUnsure = true;
			this.pass = null;
			this.reload(spread.rights);
		} else if (['run', 'stage', 'people', 'recording'].includes(kind) && (entry !== 'ok' || may_run)) {
			this.reload(spread.entry);
		}
	}

	#apply(event: StageEvent | null, at: number): void {
		// Data loaded since are newer.
		if (at < this.#loaded.readAt) return;
		const before = this.#stage;
		this.#stage = applyStage(before, event);
		this.#isUnsure = false;
		// Only those who may still watch receive this event, so that nothing of the change of rights is left to read.
		this.#reloading.cancel(spread.rights);
		if (event === null || this.#stage.run === null) {
			// What would have been recorded ends with the run.
			this.recording = null;
			this.reload(spread.ended);
			if (event) this.#page.onmoved?.(event.room);
			return;
		}
		if (this.recording) this.recording = applyRecording(this.recording, event);
		if (event.run.state === 'live' || event.run.state === 'paused') this.#reloading.cancel(spread.entry);
		if (before.session?.level === event.session.level) return;
		// A confirmation for a stricter level stays valid; after a raise none does.
		if (before.session && !isRaised(before.session, event.session)) this.reload(spread.level);
		this.#page.onlevel?.();
	}
}
