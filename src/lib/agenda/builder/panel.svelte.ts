import { href } from '#lib/i18n/locale.ts';
import type { DraftSession, SessionGroups } from '#lib/agenda/draft.ts';
import type { SessionNeeds } from '#lib/agenda/checks/facts.ts';
import type { AuditEntry } from '#lib/audit/history.ts';
import type { When } from './builder.ts';

/** What the panel beside the board shows: a session at one of its times, a place for a new one, or the checks. */
export type Opened =
	{ kind: 'session'; session: string; slot: string | null } | { kind: 'new'; when: When } | { kind: 'checks' };

/** One session, as the server answers for the panel. */
export interface PanelSession {
	session: DraftSession;
	needs: SessionNeeds | null;
	groups: SessionGroups;
	history: AuditEntry[];
}

/** The panel beside the board. */
export class PanelState {
	opened = $state.raw<Opened | null>(null);
	/** The session that is shown; null while it is read. */
	data = $state.raw<PanelSession | null>(null);
	/** It could not be read. */
	failed = $state(false);
	/** Something is typed and not saved: what others change meanwhile waits. */
	typed = false;
	readonly #base: () => string;

	constructor(base: () => string) {
		this.#base = base;
	}

	get session(): string | null {
		return this.opened?.kind === 'session' ? this.opened.session : null;
	}

	open(opened: Opened): void {
		const before = this.session;
		this.opened = opened;
		if (this.session === before) return;
		this.typed = false;
		this.data = null;
		void this.read();
	}

	close(): void {
		this.opened = null;
		this.data = null;
		this.typed = false;
	}

	/** Reads the session again, after a change. */
	async read(): Promise<void> {
		const asked = this.session;
		if (asked === null || this.typed) return;
		try {
			const response = await fetch(href(`${this.#base()}/${asked}/panel`));
			if (this.session !== asked || this.typed) return;
			this.failed = !response.ok;
			if (response.ok) this.data = (await response.json()) as PanelSession;
		} catch {
			this.failed = this.session === asked;
		}
	}
}
