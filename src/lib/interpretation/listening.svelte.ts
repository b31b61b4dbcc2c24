import { m } from '#lib/i18n/messages.ts';
import { subscribeToRun } from '#lib/live/run-events.svelte.ts';
import type { Receiving } from '#lib/stage/receiving.svelte.ts';
import {
	defaultListening,
	pauseMs,
	selectAudio,
	parseListeningChoice,
	type AudioSelection,
	type ListeningChoice
} from './choosing.ts';
import { parseLanguages, type Language } from './interpretation.ts';
import { boothName } from './words.ts';
import { readStoredValue, storeValue } from '#lib/ui/stored.ts';

/** The page's options for the booths. */
interface Source {
	/** The languages that came with the page. */
	given: () => readonly Language[];
	/** The run whose live events are followed; null where the page polls instead. */
	run?: () => string | null | undefined;
	/** Live events may have been lost. */
	reload?: () => void;
	/** The storage key on this device; null: the choice holds for this visit. */
	memory?: string | null;
}

/** What one page hears and sees of the booths. Create it in a component's script. */
export class Listening {
	choice = $state.raw<ListeningChoice>(defaultListening);
	#isSilent = $state(false);
	#received = $state.raw<readonly Language[] | null>(null);
	readonly #given: () => readonly Language[];
	readonly #memory: string | null;
	/** The languages to choose from. */
	readonly languages: readonly Language[] = $derived.by(() => this.#received ?? this.#given());
	/** What is played at this moment. */
	readonly hearing: AudioSelection = $derived.by(() => selectAudio(this.choice, this.languages, this.#isSilent));

	/** The signer who is shown, by the name of the language: for their own place. */
	readonly signing = $derived.by(() =>
		this.languages.flatMap((language) =>
			language.identity !== null && this.hearing.pinned.includes(language.identity)
				? [{ identity: language.identity, label: m.interpretation_picture({ language: boothName(language) }) }]
				: []
		)
	);

	constructor(receiving: Receiving, { given, run, reload, memory = 'stage-language' }: Source) {
		this.#given = given;
		this.#memory = memory;
		const loaded = $derived(given());
		$effect.pre(() => {
			// What came with a reloaded page is newer.
			void loaded;
			this.#received = null;
		});
		if (run)
			subscribeToRun(run, {
				kinds: { languages: (content) => (this.#received = parseLanguages(content)) },
				reload: reload ?? (() => undefined)
			});
		const voice = $derived(
			this.languages.find(({ language, is_signed }) => language === this.choice.language && !is_signed)?.identity ??
				null
		);
		// Without a connection nobody sends anything, the reader included: that is no silence of the booth.
		const sounds = $derived(
			voice !== null &&
				!receiving.lost.has(voice) &&
				(receiving.sending.size === 0 || receiving.sending.get(voice)?.microphone === true)
		);
		$effect(() => {
			void voice;
			this.#isSilent = false;
			if (sounds) return;
			const timer = setTimeout(() => (this.#isSilent = true), pauseMs);
			return () => clearTimeout(timer);
		});
		$effect(() => receiving.choose({ languages: this.hearing.languages, pinned: this.hearing.pinned }));
	}

	/** Restores the stored choice; in the browser, once the page is mounted. */
	recall(): void {
		if (this.#memory === null) return;
		this.choice = parseListeningChoice(readStoredValue(this.#memory));
	}

	/** Changes what is heard or seen, and stores it. */
	choose(change: Partial<ListeningChoice>): void {
		this.choice = { ...this.choice, ...change };
		if (this.#memory === null) return;
		storeValue(this.#memory, this.choice);
	}
}
