import { subscribeToDesk, subscribeToRun } from '#lib/live/run-events.svelte.ts';
import { requiresReload } from '#lib/live/topics.ts';
import { ThrottledReload } from '#lib/stage/following.svelte.ts';
import type { ChatMessage, ParticipationData, Poll, Question, ParticipationSettings } from './participation.ts';
import { withMessage, withPoll } from './lists.ts';
import { inOrder, withQuestion } from './questions.ts';
import { mayWrite } from './chatting.ts';

/** The dependency key that reloads participation data, apart from the stage. */
const participationDependency = 'stage:participation';

/** Questions, hands, chat and polls: as the page was loaded, and as live events of the run change them. Create it in a component's script. */
export class ParticipationState {
	readonly #given: () => ParticipationData | null;
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
	/** ok, or why the reader may not write in the chat now. */
	readonly mayWrite = $derived(this.data?.chat ? mayWrite(this.data.chat, this.settings) : 'off');
	polls: Poll[] = $derived(this.data?.polls.polls ?? []);
	readonly questions = $derived.by(() => inOrder(this.#isNameless() ? this.#shown.map(nameless) : this.#shown));
	/** How many items wait for those who run the session. */
	readonly waiting = $derived(this.data?.questions.waiting?.filter(({ state }) => state === 'asked').length ?? 0);
	readonly maySay = $derived(this.data?.may === 'ok');

	/** `run`: of the present stage; another run is loaded. `isNameless`: it is not known at this moment who may be named. */
	constructor(given: () => ParticipationData | null, run: () => string | null, isNameless = () => false) {
		this.#given = given;
		this.#isNameless = isNameless;
		subscribeToRun(
			() => this.data?.run,
			{
				kinds: {
					question: (content, id) => this.#onQuestion(content, id),
					hands: (content) => this.#onHands((content as { order: string[] } | null)?.order ?? []),
					message: (content, id) => this.#onMessage(content as ChatMessage | null, id),
					// Events for this reader only: they may write no more, or again; their hand was raised elsewhere, called or sent back.
					chat: () => this.reload(),
					hand: () => this.reload(),
					poll: (content, id) => this.#onPoll(content, id),
					settings: (content) => this.#onSettings(content as ParticipationSettings)
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

	/**
	 * Loads it again; once for several calls within a while. `within`: spread over so many milliseconds, so that many pages do not load at
	 * once; not for those who run the session.
	 */
	reload(within = 0): void {
		this.#reloading.soon(this.data?.runs_it ? 0 : within);
	}

	/** Another level shows other names: none until it is loaded again. */
	changeLevel(): void {
		this.#messages = this.#messages.map(nameless);
		this.#shown = this.#shown.map(nameless);
		this.reload(60_000);
	}

	/** Shows the reader's vote before the server has counted it. */
	vote(id: string, up: boolean): void {
		this.voted = up ? [...this.voted, id] : this.voted.filter((one) => one !== id);
	}

	#onHands(order: string[]): void {
		this.order = order;
		const mine = this.data?.hands.mine;
		// Called, passed over or sent back: the loaded data say which.
		if (mine && (mine.state === 'called' || !order.includes(mine.id))) this.reload();
	}

	#onMessage(message: ChatMessage | null, id: string | null): void {
		this.#messages = withMessage(this.#messages, id, message);
	}

	#onSettings(settings: ParticipationSettings): void {
		const before = this.settings?.chat;
		this.settings = settings;
		if (settings.chat === 'off') this.#messages = [];
		// Messages from before the chat was closed are there again.
		else if (before === 'off') this.reload(20_000);
		else if (this.data?.runs_it) this.reload();
	}

	// The event goes to everyone; the content only to those who may read it, so they load it.
	#onOlder(isHere: boolean): void {
		if (isHere || this.maySay) this.reload(5000);
	}

	#onPoll(content: unknown, id: string | null): void {
		if (requiresReload(content)) return this.#onOlder(this.polls.some((one) => one.id === id));
		this.polls = withPoll(this.polls, id, content as Poll | null);
	}

	#onQuestion(content: unknown, id: string | null): void {
		if (requiresReload(content)) return this.#onOlder(this.#shown.some((one) => one.id === id));
		this.#shown = withQuestion(this.#shown, id, content as Question | null);
		// Only the loaded data say why the reader's own question is shown or hidden.
		if (this.data?.questions.mine.some((one) => one.id === id)) this.reload();
	}
}

function nameless<Entry extends { from: string | null }>(entry: Entry): Entry {
	return { ...entry, from: null };
}
