import { Temporal } from 'temporal-polyfill';

/** The zone of the live Summit of the sample. */
export const zone = 'America/Montevideo';

/** One stretch of the two days in which sessions run side by side. */
export interface Block {
	start: Date;
	kind: 'opening' | 'closing' | 'lunch' | 'parallel' | 'relay';
	/** The block that is running now. */
	isLive: boolean;
	day: 1 | 2;
	/** Whether a coffee break follows. */
	isBeforeCoffee: boolean;
}

/** The two days of the sample Summit. */
export interface Timetable {
	startsOn: string;
	endsOn: string;
	blocks: Block[];
}

const quarter = 15 * 60_000;
/** Minutes from the start of a block to the next: 75 and a pause of 15. */
const pitch = 90;
const hallOpens = 8 * 60 + 15;
const hallCloses = 17 * 60 + 45;

/**
 * Lays blocks over both days so that one began five to twenty minutes before `now`. By day the venue's rooms are in use;
 * at night the online studio relays from region to region, so that something is live at any hour.
 */
export function makeTimetable(now: Date, zone: string): Timetable {
	const live = new Date(Math.floor((now.getTime() - quarter / 3) / quarter) * quarter);
	const first = local(live, zone).toPlainDate();
	const second = first.add({ days: 1 });
	const opens = first.toZonedDateTime(zone).epochMilliseconds;
	const blocks: Block[] = [];
	for (
		let start = live.getTime() - Math.floor((live.getTime() - opens) / (pitch * 60_000)) * pitch * 60_000;
		;
		start += pitch * 60_000
	) {
		const minute = minuteOf(new Date(start), zone);
		const day = local(new Date(start), zone).toPlainDate().equals(first) ? 1 : 2;
		if (day === 2 && minute >= hallCloses) break;
		const kind = minute >= hallOpens && minute < hallCloses ? 'parallel' : 'relay';
		blocks.push({ start: new Date(start), kind, isLive: start === live.getTime(), day, isBeforeCoffee: false });
	}
	nameBlocks(blocks, zone);
	return { startsOn: first.toString(), endsOn: second.toString(), blocks };
}

function nameBlocks(blocks: Block[], zone: string): void {
	for (const day of [1, 2] as const) {
		const hall = blocks.filter((block) => block.day === day && block.kind === 'parallel');
		const free = hall.filter((block) => !block.isLive);
		const noon = (block: Block) => Math.abs(minuteOf(block.start, zone) - 12 * 60 - 30);
		const lunch = [...free].sort((a, b) => noon(a) - noon(b))[0];
		if (lunch) lunch.kind = 'lunch';
		const rest = free.filter((block) => block !== lunch);
		const plenary = day === 1 ? rest.at(0) : rest.at(-1);
		if (plenary) plenary.kind = day === 1 ? 'opening' : 'closing';
		for (const block of [hall[1], hall.at(-2)]) if (block && block !== lunch) block.isBeforeCoffee = true;
	}
}

function minuteOf(at: Date, zone: string): number {
	const { hour, minute } = local(at, zone);
	return hour * 60 + minute;
}

function local(at: Date, zone: string): Temporal.ZonedDateTime {
	return Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(zone);
}
