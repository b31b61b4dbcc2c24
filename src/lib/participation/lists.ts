import type { ChatMessage, Poll } from './participation.ts';

// The number that a page loads.
const mostMessages = 200;

/** The chat with one more message, in the order of sending; null: it was removed. */
export function withMessage(
	list: readonly ChatMessage[],
	id: string | null,
	message: ChatMessage | null
): ChatMessage[] {
	const others = list.filter((one) => one.id !== id);
	if (!message) return others;
	return [...others, message].toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at)).slice(-mostMessages);
}

/** The polls with one changed, the newest first; null: it was removed. */
export function withPoll(list: readonly Poll[], id: string | null, poll: Poll | null): Poll[] {
	const others = list.filter((one) => one.id !== id);
	return (poll ? [...others, poll] : others).toSorted((one, other) => Date.parse(other.at) - Date.parse(one.at));
}

/** The position of a hand in the queue, from 1; null when it does not wait. */
export function positionOf(order: readonly string[], hand: string | undefined): number | null {
	const index = hand === undefined ? -1 : order.indexOf(hand);
	return index < 0 ? null : index + 1;
}

/** The mean of a rating, by the labels of its options; null without votes, or while they are hidden. */
export function meanOf({ options, voters }: Poll): number | null {
	if (voters === 0 || options.some(({ votes }) => votes === null)) return null;
	return options.reduce((total, { label, votes }) => total + Number(label) * (votes ?? 0), 0) / voters;
}
