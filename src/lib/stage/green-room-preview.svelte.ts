import { SvelteMap } from 'svelte/reactivity';
import { StageConnection } from './connection.svelte.ts';
import { followQuality, type SignalQuality } from './signal-quality.ts';
import type { Pass, StagePerson } from './stage.ts';

/** What those who run a session know of a person in its green room. */
export interface WaitingPerson {
	person: StagePerson;
	/** Null: not in the green room. */
	identity: string | null;
	hasCamera: boolean;
	hasMicrophone: boolean;
	/** Camera and microphone are on, and the connection holds. */
	isReady: boolean;
}

/** The green room as those who run the session see it: small pictures without sound, unseen, and the connections. */
export class GreenRoomPreview {
	readonly lines = new SvelteMap<string, SignalQuality>();
	readonly connection: StageConnection;

	constructor(ask: () => Promise<Pass>) {
		this.connection = new StageConnection({
			given: () => null,
			ask,
			onroom: (engine, room) => {
				this.lines.clear();
				followQuality(engine, room, this.lines);
			}
		});
		// The smallest layer of the pictures that are named below, and nothing else.
		this.connection.line.chosen = 'slides';
		this.connection.receiving.choose({ level: 'slides', onStage: [] });
	}

	/** Joins, and shows the pictures of these identities. */
	follow(identities: readonly string[]): void {
		this.connection.receiving.choose({ pinned: identities });
		if (['idle', 'refused', 'over'].includes(this.connection.phase)) void this.connection.join();
	}

	/** People who are not on stage, those who are ready first, then those who are here. */
	waiting(people: readonly StagePerson[]): WaitingPerson[] {
		const { sending } = this.connection.receiving;
		const rank = ({ identity, isReady }: WaitingPerson) => (isReady ? 0 : identity !== null ? 1 : 2);
		return people
			.filter(
				({ role, is_on_stage, is_barred }) => (role === 'host' || role === 'speaker') && !is_on_stage && !is_barred
			)
			.map((person) => {
				const sent = person.identity === null ? undefined : sending.get(person.identity);
				const hasCamera = sent?.camera === true;
				const hasMicrophone = sent?.microphone === true;
				const isLost = this.lines.get(person.identity ?? '') === 'lost';
				return {
					person,
					identity: sent ? person.identity : null,
					hasCamera,
					hasMicrophone,
					isReady: hasCamera && hasMicrophone && !isLost
				};
			})
			.sort((a, b) => rank(a) - rank(b));
	}
}
