import { interpreterLanguage } from './facts.ts';
import { cast, deal, physical, preferred, someLanguages, streamed } from './slots.ts';
import type { SamplePerson } from './people.ts';
import type { Random } from './prng.ts';
import type { Row } from './rows.ts';
import type { SummitIds } from './settings.ts';
import { type TextMap } from '#lib/i18n/locale.ts';
import { topics, type Topic } from './texts.ts';
import type { Block } from './timetable.ts';

/** Rows of a draft agenda, and the sessions that other parts of the sample speak of. */
export interface SampleAgenda {
	sessions: Row[];
	people: Row[];
	audiences: Row[];
	slots: Row[];
	slotRooms: Row[];
	/** The session that is live now, and its room. */
	live: { session: string; room: string };
	/** Rooms that a block leaves free, for changes after the release. */
	free: { block: Block; rooms: string[] }[];
}

/** Who may be put on the agenda. */
export interface Cast {
	speakers: SamplePerson[];
	interpreters: SamplePerson[];
	/** Always on the live session, first as its speaker. */
	live: SamplePerson;
	/** Speaks under another name. */
	protected: SamplePerson;
}

/** Lays the sample's subjects on the blocks. */
export class AgendaMaker {
	readonly #random: Random;
	readonly #ids: SummitIds;
	readonly #cast: Cast;
	readonly #agenda: SampleAgenda = {
		sessions: [],
		people: [],
		audiences: [],
		slots: [],
		slotRooms: [],
		live: { session: '', room: '' },
		free: []
	};
	#busy = new Set<string>();
	#turn = 0;

	constructor(random: Random, ids: SummitIds, people: Cast) {
		this.#random = random;
		this.#ids = ids;
		this.#cast = people;
	}

	/** The whole agenda. */
	make(blocks: Block[]): SampleAgenda {
		const parallel = blocks.filter((block) => block.kind === 'parallel');
		const dealt = deal(this.#random.shuffle(topics.parallel), parallel, (block) => (block.isLive ? 5 : 7));
		const hasHall = parallel.some((block) => block.isLive);
		let relay = 0;
		for (const block of blocks) {
			this.#busy = new Set();
			if (block.isLive) this.#live(block);
			else if (block.kind === 'opening')
				this.#place(block, topics.opening, 'plenary', ['plenary-hall', 'overflow'], { level: 'public' });
			else if (block.kind === 'closing')
				this.#place(block, topics.closing, 'plenary', ['plenary-hall', 'overflow'], { level: 'public' });
			else if (block.kind === 'lunch') this.#pause(block, topics.lunch, block.start, 75);
			else if (block.kind === 'relay') this.#relay(block, relay);
			if (block.kind === 'relay') relay += 1;
			if (block.kind === 'parallel')
				this.#parallel(block, dealt.get(block) ?? [], hasHall ? block.isLive : block === parallel[0]);
			if (block.isBeforeCoffee) this.#pause(block, topics.coffee, new Date(block.start.getTime() + 75 * 60_000), 15);
		}
		return this.#agenda;
	}

	#live(block: Block): void {
		const rooms = block.kind === 'relay' ? ['studio'] : ['plenary-hall', 'overflow'];
		this.#busy.add(this.#cast.live.id);
		const session = this.#place(block, topics.live, block.kind === 'relay' ? 'relay' : 'panel', rooms, {
			level: 'public',
			minutes: 75,
			attendance: block.kind === 'relay' ? 'online' : 'hall_and_online',
			spoken: ['en'],
			interpreted: ['fr', 'es', 'ar']
		});
		this.#appear(session, this.#cast.live, 'speaker', 0);
		this.#agenda.live = { session, room: this.#ids.rooms[rooms[0] ?? ''] ?? '' };
	}

	#relay(block: Block, index: number): void {
		const title = topics.relay[index % topics.relay.length] ?? '';
		const topic: Topic = {
			title: { original: 'en', en: title },
			abstract: topics.relayAbstract,
			track: 'collaboration'
		};
		this.#place(block, topic, 'relay', ['studio'], { attendance: 'online', minutes: 60 });
	}

	#parallel(block: Block, list: Topic[], hasSecond: boolean): void {
		const taken = new Set(block.isLive ? ['plenary-hall', 'overflow', 'studio'] : []);
		if (hasSecond) {
			const room = block.isLive ? 'studio' : 'plenary-hall';
			taken.add(room);
			this.#place(block, topics.second, 'panel', [room], room === 'studio' ? { attendance: 'online' } : {});
		}
		// Closely held sessions choose their room first.
		for (const topic of [...list].sort((a, b) => Number(b.level === 'closed') - Number(a.level === 'closed'))) {
			const format = topic.format ?? 'panel';
			const fits = (preferred[format] ?? physical).filter(
				(room) => !taken.has(room) && (room !== 'studio' || topic.level === 'members')
			);
			const room = fits[0];
			if (!room) throw new Error(`no room is left for ${topic.title.en}`);
			taken.add(room);
			const inHall = format === 'workshop' || format === 'roundtable' || !streamed.has(room);
			this.#place(block, topic, format, [room], {
				attendance: room === 'studio' ? 'online' : inHall ? 'hall' : 'hall_and_online'
			});
		}
		this.#agenda.free.push({ block, rooms: physical.filter((room) => !taken.has(room)) });
	}

	#pause(block: Block, topic: Topic, start: Date, minutes: number): void {
		this.#place({ ...block, start }, topic, 'break', physical, {
			isBreak: true,
			minutes,
			attendance: 'hall',
			level: 'public'
		});
	}

	#place(
		block: Block,
		topic: Topic,
		format: string,
		rooms: string[],
		facts: {
			level?: Topic['level'];
			attendance?: string;
			minutes?: number;
			isBreak?: boolean;
			spoken?: string[];
			interpreted?: string[];
		}
	): string {
		const random = this.#random;
		const id = random.uuid();
		const level = facts.level ?? topic.level ?? 'members';
		const spoken = facts.spoken ?? [topic.title.original ?? 'en'];
		const interpreted =
			facts.interpreted ?? (format === 'plenary' ? ['fr', 'es', 'ar'] : someLanguages(random, spoken));
		const recorded =
			(level === 'public' || level === 'members') && format !== 'workshop' && !facts.isBreak && random.chance(0.6);
		const session: Row = {
			id,
			summit_id: this.#ids.id,
			code: random.code(6),
			title: topic.title,
			abstract: topic.abstract ?? {},
			content_note: topic.note ?? {},
			links: topic.links ?? [],
			format_id: this.#ids.formats[format],
			track_id: topic.track ? this.#ids.tracks[topic.track] : null,
			level,
			audience: level === 'closed' ? 'listed' : level === 'public' && !facts.isBreak ? 'everyone' : 'registered',
			attendance: facts.attendance ?? 'hall_and_online',
			spoken,
			interpreted: [],
			is_recorded: recorded,
			is_break: facts.isBreak ?? false,
			state: 'confirmed'
		};
		this.#agenda.sessions.push(session);
		this.#slot(id, block.start, facts.minutes ?? (format === 'lightning' ? 60 : 75), rooms);
		if (topic.note && level === 'public') this.#appear(id, this.#cast.protected, 'speaker', 9);
		for (const [role, count] of cast[format] ?? [])
			for (let i = 0; i < count; i += 1) this.#appear(id, this.#next(), role, role === 'speaker' ? i + 1 : 0);
		if (!facts.isBreak)
			session.interpreted = interpreted.filter((language) =>
				this.#interpret(id, language === 'en' ? spoken[0] : language)
			);
		if (topic.audience) this.#listen(id, topic.audience);
		return id;
	}

	#slot(session: string, start: Date, minutes: number, rooms: string[]): void {
		const slot = this.#random.uuid();
		const during = `["${start.toISOString()}","${new Date(start.getTime() + minutes * 60_000).toISOString()}")`;
		this.#agenda.slots.push({ id: slot, session_id: session, summit_id: this.#ids.id, during });
		for (const room of rooms)
			this.#agenda.slotRooms.push({ slot_id: slot, room_id: this.#ids.rooms[room], summit_id: this.#ids.id, during });
	}

	/** The next speaker who is not busy in this block. */
	#next(): SamplePerson {
		for (;;) {
			const person = this.#cast.speakers[this.#turn++ % this.#cast.speakers.length];
			if (!person || this.#busy.has(person.id)) continue;
			this.#busy.add(person.id);
			return person;
		}
	}

	/** Two who take turns between English and this language, and are not in another booth; whether there is anybody. */
	#interpret(session: string, language: string | undefined): boolean {
		const able = this.#cast.interpreters.filter((_, index) => interpreterLanguage(index) === language);
		const turn = this.#turn++;
		const free = able
			.map((_, index) => able[(turn + index) % able.length])
			.filter((one) => one && !this.#busy.has(one.id));
		for (const person of free.slice(0, 2)) {
			if (!person) continue;
			this.#busy.add(person.id);
			this.#appear(session, person, 'interpreter', 20);
		}
		return free.length > 0;
	}

	#appear(session: string, person: SamplePerson, role: string, position: number): void {
		const certain = person === this.#cast.live || role === 'interpreter';
		const agrees = certain || this.#random.chance(0.85);
		this.#agenda.people.push({
			session_id: session,
			summit_id: this.#ids.id,
			person_id: person.id,
			role,
			position,
			state: certain || this.#random.chance(0.9) ? 'confirmed' : 'invited',
			consent_live: agrees,
			consent_record: agrees && person.realName === undefined,
			consent_publish: agrees && person.realName === undefined,
			consent_photo: agrees && person.realName === undefined
		});
	}

	#listen(session: string, audience: NonNullable<Topic['audience']>): void {
		const row = {
			session_id: session,
			summit_id: this.#ids.id,
			person_id: null as string | null,
			sector: null as string | null
		};
		if (audience !== 'persons') this.#agenda.audiences.push({ ...row, sector: audience });
		else
			for (const person of this.#cast.speakers.slice(-8)) this.#agenda.audiences.push({ ...row, person_id: person.id });
	}
}

/** A new text that the draft has and the release has not. */
export const laterTitle: TextMap = {
	original: 'en',
	en: 'Added after the release: lessons from the first day',
	fr: 'Ajouté après la publication : enseignements du premier jour'
};
