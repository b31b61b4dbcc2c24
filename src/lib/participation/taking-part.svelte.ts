import { hearDesk, hearRun } from '#lib/live/run-news.svelte.ts';
import { lookAgain } from '#lib/stage/following.svelte.ts';
import type { Participation, Question, Settings } from './participation.ts';
import { inOrder, withQuestion } from './questions.ts';

/** What is reloaded for whoever takes part, apart from the stage. */
export const what = 'stage:participation';

/** What happens beside the picture: as the page was loaded, and as news of the run change it. Make it in a component's script. */
export class TakingPart {
	readonly #given: () => Participation | null;
	#pending: ReturnType<typeof setTimeout> | undefined;

	/** Null where nothing is on that the reader may watch. */
	readonly data = $derived.by(() => this.#given());
	settings: Settings | null = $derived(this.data?.settings ?? null);
	#shown: Question[] = $derived(this.data?.questions.shown ?? []);
	voted: string[] = $derived(this.data?.questions.voted ?? []);
	readonly questions = $derived(inOrder(this.#shown));
	/** How many things wait for whoever runs the session. */
	readonly waiting = $derived(this.data?.questions.waiting?.filter(({ state }) => state === 'asked').length ?? 0);
	readonly maySay = $derived(this.data?.may === 'ok');

	/** `run`: of the stage as it is now; another one is loaded. */
	constructor(given: () => Participation | null, run: () => string | null) {
		this.#given = given;
		hearRun(() => this.data?.run, {
			kinds: {
				question: (content, id) => this.#hearQuestion(content as Question | null, id),
				settings: (content) => (this.settings = content as Settings)
			},
			reload: () => this.reload()
		});
		hearDesk(
			() => (this.data?.runs_it ? this.data.run : null),
			() => this.reload()
		);
		let known = given()?.run ?? null;
		$effect(() => {
			const now = run();
			if (now !== known) this.reload();
			known = now;
		});
	}

	/** Loads it again; once for all that asks for it in a moment. */
	reload(): void {
		if (this.#pending !== undefined) return;
		this.#pending = setTimeout(() => {
			this.#pending = undefined;
			void lookAgain(what);
		}, 100);
	}

	/** Shows one's vote before the server has counted it. */
	vote(id: string, up: boolean): void {
		this.voted = up ? [...this.voted, id] : this.voted.filter((one) => one !== id);
	}

	#hearQuestion(question: Question | null, id: string | null): void {
		this.#shown = withQuestion(this.#shown, id, question);
		// Why one's own is shown or not stands in what the page loaded.
		if (this.data?.questions.mine.some((one) => one.id === id)) this.reload();
	}
}
