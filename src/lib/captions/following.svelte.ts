import { subscribeToRun } from '#lib/live/run-events.svelte.ts';
import { requiresReload } from '#lib/live/topics.ts';
import { captionLanguages, lineFrom, withLine, type Captions, type CaptionLine } from './captions.ts';
import { captionSettingsFrom, defaultCaptionSettings, type CaptionSettings } from './settings.ts';
import { readStoredValue, storeValue } from '#lib/ui/stored.ts';

const memory = 'stage-captions';

/** The captions of a run as one page shows them. Create it in a component's script. */
export class Following {
	look = $state.raw<CaptionSettings>(defaultCaptionSettings);
	/** Of every language; they arrive in one stream. */
	lines = $state.raw<CaptionLine[]>([]);
	readonly #given: () => Captions;
	/** The languages of the captions. */
	readonly languages: string[] = $derived.by(() => captionLanguages(this.#given(), this.lines));
	/** The lines of the chosen language. */
	readonly shown: CaptionLine[] = $derived.by(() =>
		this.lines.filter(({ language }) => language === this.look.language)
	);

	/**
	 * `given`: what came with the page; `reload` loads it again when live events may have been lost. `late`: the reader's delay behind the
	 * live captions, in milliseconds.
	 */
	constructor(run: () => string | null | undefined, given: () => Captions, reload: () => void, late = () => 0) {
		this.#given = given;
		const waiting: ReturnType<typeof setTimeout>[] = [];
		$effect(() => () => waiting.forEach((timer) => clearTimeout(timer)));
		// The same data again is no change: a page that switches panels has not loaded them again.
		const loaded = $derived(given().lines);
		$effect.pre(() => {
			this.lines = loaded;
		});
		subscribeToRun(run, {
			kinds: {
				caption: (content, id) => {
					if (requiresReload(content)) {
						if (this.lines.some((line) => line.id === id)) reload();
						return;
					}
					const show = () => {
						if (id) this.lines = withLine(this.lines, id, lineFrom(content));
					};
					const wait = late();
					if (wait > 0) waiting.push(setTimeout(show, wait));
					else show();
				}
			},
			reload
		});
	}

	/** Restores the stored settings; in the browser, once the page is mounted. */
	recall(): void {
		this.look = captionSettingsFrom(readStoredValue(memory));
	}

	/** Changes the settings, and stores them. */
	choose(change: Partial<CaptionSettings>): void {
		this.look = { ...this.look, ...change };
		storeValue(memory, this.look);
	}
}
