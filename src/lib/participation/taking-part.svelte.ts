import { subscribeToDesk, subscribeToRun } from '#lib/live/run-events.svelte.ts';
import { requiresReload } from '#lib/live/topics.ts';
import { ThrottledReload } from '#lib/stage/following.svelte.ts';
import type { ChatMessage, Participation, Poll, Question, ParticipationSettings } from './participation.ts';
import { withMessage, withPoll } from './lists.ts';
import { inOrder, withQuestion } from './questions.ts';
import { mayWrite } from './chatting.ts';

/** What is reloaded for whoever takes part, apart from the stage. */
export const participationDependency = 'stage:participation';

/** What happens beside the picture: as the page was loaded, and as news of the run change it. Make it in a component's script. */
export class ParticipationState {
	readonly #given: () => Participation | null;
	readonly #isNameless: () => boolean;
	readonly #reloading = new ThrottledReload(participationDependency);

	/** Null where nothing is on that the reader may watch. */
	readonly data = $derived.by(() => this.#given());
	settings: ParticipationSettings | null = $derived(this.data?.settings ?? null);
	#shown: Question[] = $derived(this.data?.questions.shown ?? []);
	voted: string[] = $derived(this.data?.questions.voted ?? []);
	order: string[] = $derived(this.data?.hands.order ?? []);
	#messages: ChatMessage[] = $derived(this.data?.chat?.messages ?? []);
	readonly messages: ChatMessage[] = $derived.by(() =>
		this.#isNameless() ? this.#messages.map(nameless) : this.#messages
	);
	/** ok, or why the reader writes nothing in the chat now. */
	readonly mayWrite = $derived(this.data?.chat ? mayWrite(this.data.chat, this.settings) : 'off');
	polls: Poll[] = $derived(this.data?.polls.polls ?? []);
	readonly questions = $derived.by(() => inOrder(this.#isNameless() ? this.#shown.map(nameless) : this.#shown));
	/** How many things wait for whoever runs the session. */
	readonly waiting = $derived(this.data?.questions.waiting?.filter(({ state }) => state === 'asked').length ?? 0);
	readonly maySay = $derived(this.data?.may === 'ok');

	/** `run`: of the stage as it is now; another one is loaded. `isNameless`: it is not known at this moment who may be named. */
	constructor(given: () => Participation | null, run: () => string | null, isNameless = () => false) {
		this.#given = given;
		this.#isNameless = isNameless;
		subscribeToRun(
			() => this.data?.run,
			{
				kinds: {
					question: (content, id) => this.#hearQuestion(content, id),
					hands: (content) => this.#hearHands((content as { order: string[] } | null)?.order ?? []),
					message: (content, id) => this.#hearMessage(content as ChatMessage | null, id),
					// Told to the reader alone: they may write no more, or again; their hand was raised elsewhere, called or sent back.
					chat: () => this.reload(),
					hand: () => this.reload(),
					poll: (content, id) => this.#hearPoll(content, id),
					settings: (content) => this.#hearSettings(content as ParticipationSettings)
				},
				reload: () => this.reload(5000)
			},
			() => this.data?.readAt
		);
		subscribeToDesk(
			() => (this.data?.runs_it ? this.data.run : null),
			() => this.reload()
		);
		let known = given()?.run ?? null;
		$effect(() => {
			const now = run();
			if (now !== known) this.reload(3000);
			known = now;
		});
		$effect(() => () => this.#reloading.cancel());
	}

	/** Loads it again; once for all that asks for it in a while. `within`: so that many pages do not come at once, in milliseconds; who runs the session waits for nobody. */
	reload(within = 0): void {
		this.#reloading.soon(this.data?.runs_it ? 0 : within);
	}

	/** At another level other names are shown: until it has been loaded again, none. */
	changeLevel(): void {
		this.#messages = this.#messages.map(nameless);
		this.#shown = this.#shown.map(nameless);
		this.reload(60_000);
	}

	/** Shows one's vote before the server has counted it. */
	vote(id: string, up: boolean): void {
		this.voted = up ? [...this.voted, id] : this.voted.filter((one) => one !== id);
	}

	#hearHands(order: string[]): void {
		this.order = order;
		const mine = this.data?.hands.mine;
		// Called, passed over or sent back: which of them stands in what is loaded.
		if (mine && (mine.state === 'called' || !order.includes(mine.id))) this.reload();
	}

	#hearMessage(message: ChatMessage | null, id: string | null): void {
		this.#messages = withMessage(this.#messages, id, message);
	}

	#hearSettings(settings: ParticipationSettings): void {
		const before = this.settings?.chat;
		this.settings = settings;
		if (settings.chat === 'off') this.#messages = [];
		// What was written before it was closed is there again.
		else if (before === 'off') this.reload(20_000);
		else if (this.data?.runs_it) this.reload();
	}

	// Whoever may read it learns by looking what changed; it is told to all, who may not.
	#hearOlder(isHere: boolean): void {
		if (isHere || this.maySay) this.reload(5000);
	}

	#hearPoll(content: unknown, id: string | null): void {
		if (requiresReload(content)) return this.#hearOlder(this.polls.some((one) => one.id === id));
		this.polls = withPoll(this.polls, id, content as Poll | null);
	}

	#hearQuestion(content: unknown, id: string | null): void {
		if (requiresReload(content)) return this.#hearOlder(this.#shown.some((one) => one.id === id));
		this.#shown = withQuestion(this.#shown, id, content as Question | null);
		// Why one's own is shown or not stands in what the page loaded.
		if (this.data?.questions.mine.some((one) => one.id === id)) this.reload();
	}
}

function nameless<Said extends { from: string | null }>(said: Said): Said {
	return { ...said, from: null };
}
