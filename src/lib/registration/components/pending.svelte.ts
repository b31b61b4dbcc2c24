import { deserialize } from '$app/forms';
import { postAction } from '#lib/forms/post-action.ts';
import { beforeNavigate } from '$app/navigation';
import { href, isolated } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { reload } from '#lib/live/reload.ts';
import { createContext, onMount } from 'svelte';
import { isDone, outcomeFrom } from '../accreditation-words.ts';

/** A decision that was made and is not sent yet. */
interface PendingDecision {
	id: string;
	name: string;
	decision: 'accredit' | 'decline';
	reason: string;
}

/** How long a decision can be undone, in seconds: mail is sent right after it. */
export const undoSeconds = 10;

/** Delays the last decision for a while, so that it can be undone; sends it before anything else happens. */
export class Pending {
	current = $state<PendingDecision | null>(null);
	/** The result of the last one, in a sentence. */
	outcome = $state<{ text: string; good: boolean } | null>(null);
	#timer: ReturnType<typeof setTimeout> | undefined;
	#base: () => string;

	constructor(base: () => string) {
		this.#base = base;
		onMount(() => {
			const leave = () => void this.flush();
			addEventListener('pagehide', leave);
			return () => {
				removeEventListener('pagehide', leave);
				leave();
			};
		});
		beforeNavigate(({ to }) => {
			if (!to?.url.pathname.includes(this.#base())) void this.flush();
		});
	}

	/** Holds a decision; the previous one is sent now. */
	hold(decision: PendingDecision): void {
		void this.flush();
		this.outcome = null;
		this.current = decision;
		this.#timer = setTimeout(() => void this.flush(), undoSeconds * 1000);
	}

	/** Drops the decision: nothing was sent. */
	undo(): PendingDecision | null {
		const undone = this.current;
		clearTimeout(this.#timer);
		this.current = null;
		return undone;
	}

	/** Sends the pending decision. */
	async flush(): Promise<void> {
		const decision = this.undo();
		if (!decision) return;
		const body = new FormData();
		body.set('decision', decision.decision);
		body.set('reason', decision.reason);
		try {
			// It must arrive even when the page closes now.
			const answer = await postAction(href(`${this.#base()}/${decision.id}?/decide`), body, { keepalive: true });
			this.outcome = outcomeOf(deserialize(await answer.text()), isolated(decision.name));
		} catch {
			this.outcome = { text: m.registration_pending_no_answer({ name: isolated(decision.name) }), good: false };
		}
		await reload();
	}
}

function outcomeOf(result: ReturnType<typeof deserialize>, name: string): { text: string; good: boolean } {
	if (result.type === 'redirect') {
		const done = outcomeFrom(new URL(result.location, location.href).searchParams.get('done') ?? '');
		if (isDone(done)) return { text: m.registration_outcome_named({ status: done, name }), good: true };
	}
	const issues = result.type === 'failure' ? (result.data?.['form'] as { issues?: { message: string }[] }) : null;
	const why = issues?.issues?.[0]?.message ?? m.registration_pending_open_again();
	return { text: m.registration_pending_refused({ name, why }), good: false };
}

const [pendingOf, setPending] = createContext<Pending>();

/** Called once, in the layout around list and person. */
export function providePending(base: () => string): Pending {
	return setPending(new Pending(base));
}

/** The pending decision. */
export function thePending(): Pending {
	return pendingOf();
}
