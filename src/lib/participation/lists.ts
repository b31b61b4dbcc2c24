import type { ChatMessage, Poll } from './participation.ts';

// As many as a page loads.
const kept = 200;

/** The chat with one message more, in the order of their sending; null: it is gone. */
export function withMessage(
	list: readonly ChatMessage[],
	id: string | null,
	message: ChatMessage | null
): ChatMessage[] {
	const others = list.filter((one) => one.id !== id);
	if (!message) return others;
	return [...others, message].toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at)).slice(-kept);
}

/** The polls with one as it now stands, the newest first; null: it is gone. */
export function withPoll(list: readonly Poll[], id: string | null, poll: Poll | null): Poll[] {
	const others = list.filter((one) => one.id !== id);
	return (poll ? [...others, poll] : others).toSorted((one, other) => Date.parse(other.at) - Date.parse(one.at));
}

/** Where a hand stands among those that wait, from 1; null when it does not wait. */
export function positionOf(order: readonly string[], hand: string | undefined): number | null {
	const index = hand === undefined ? -1 : order.indexOf(hand);
	return index < 0 ? null : index + 1;
}

/** The mean of a rating, by the labels of its options; null while nobody has voted, or it is not told how. */
export function meanOf({ options, voters }: Poll): number | null {
	if (voters === 0 || options.some(({ votes }) => votes === null)) return null;
	return options.reduce((total, { label, votes }) => total + Number(label) * (votes ?? 0), 0) / voters;
}
