import { anyText, type KnownSession, type PlannedSlot } from './draft.ts';

interface Booking {
	start: number;
	end: number;
	title: string;
}

/** The bookings of rooms while an import is planned. */
export class RoomBookings {
	readonly #booked = new Map<string, Booking[]>();

	constructor(sessions: readonly KnownSession[]) {
		for (const { slots, title } of sessions) this.book(slots, anyText(title));
	}

	/** The title of what already occupies these places; null when they are free. They must not overlap each other either. */
	conflictOf(slots: readonly PlannedSlot[]): string | null {
		const inside = new RoomBookings([]);
		for (const slot of slots) {
			const found = this.#meets(slot) ?? inside.#meets(slot);
			if (found !== null) return found;
			inside.book([slot], '');
		}
		return null;
	}

	book(slots: readonly PlannedSlot[], title: string): void {
		for (const { rooms, start, end } of slots)
			for (const room of rooms)
				this.#booked.set(room, [
					...(this.#booked.get(room) ?? []),
					{ start: Date.parse(start), end: Date.parse(end), title }
				]);
	}

	#meets({ rooms, start, end }: PlannedSlot): string | null {
		const [from, to] = [Date.parse(start), Date.parse(end)];
		for (const room of rooms) {
			const found = this.#booked.get(room)?.find((one) => one.start < to && from < one.end);
			if (found) return found.title;
		}
		return null;
	}
}
