import { subscribeToRun } from '#lib/live/run-events.svelte.ts';
import { requiresReload } from '#lib/live/topics.ts';
import { languagesOf, lineFrom, withLine, type Captions, type CaptionLine } from './captions.ts';
import { lookFrom, plainLook, type Look } from './look.ts';

const memory = 'stage-captions';

/** The captions of a run as one page shows them. Make it in a component's script. */
export class Following {
	look = $state.raw<Look>(plainLook);
	/** Of every language; they come as one stream. */
	lines = $state.raw<CaptionLine[]>([]);
	readonly #given: () => Captions;
	/** The languages in which there are captions. */
	readonly languages: string[] = $derived.by(() => languagesOf(this.#given(), this.lines));
	/** The lines of the chosen language. */
	readonly shown: CaptionLine[] = $derived.by(() =>
		this.lines.filter(({ language }) => language === this.look.language)
	);

	/**
	 * `given`: what came with the page; `reload` loads it again when news may have been lost. `late`: how many milliseconds after it was said
	 * the reader hears what is written.
	 */
	constructor(run: () => string | null | undefined, given: () => Captions, reload: () => void, late = () => 0) {
		this.#given = given;
		const waiting: ReturnType<typeof setTimeout>[] = [];
		$effect(() => () => waiting.forEach((timer) => clearTimeout(timer)));
		// The same again is no news: a page that shows another of its parts has not loaded them anew.
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

	/** Takes up the look of last time; in the browser, once the page is there. */
	recall(): void {
		try {
			this.look = lookFrom(JSON.parse(localStorage.getItem(memory) ?? 'null'));
		} catch {
			// Without storage it begins anew.
		}
	}

	/** Changes what is shown and how; it is remembered. */
	choose(change: Partial<Look>): void {
		this.look = { ...this.look, ...change };
		try {
			localStorage.setItem(memory, JSON.stringify(this.look));
		} catch {
			// Without storage it holds for this visit.
		}
	}
}
