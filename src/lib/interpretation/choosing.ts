import type { Language } from './interpretation.ts';

/** What a listener wants to hear and see of the booths; stored on the device. */
export interface ListeningChoice {
	/** A spoken language; null: the original. */
	language: string | null;
	/** The volume of the original under an interpreter, 0 to 1. */
	floor: number;
	/** Sign language: the first available, none, or this one. */
	signed: string;
}

/**
 * What is played: the original by choice, the language, or the original because the booth is silent (its microphone is off), vacant (nobody
 * is on air) or closed (this session has none).
 */
type AudioSource = 'floor' | 'language' | 'silent' | 'vacant' | 'closed';

/** Which identities are heard and seen, as `receiveSettings` of the stage takes it. */
export interface AudioSelection {
	source: AudioSource;
	languages: { played: string[]; floor: number };
	pinned: string[];
}

/** The original, and a sign language where there is one. */
export const defaultListening: ListeningChoice = { language: null, floor: 0.15, signed: 'any' };

/** How long a microphone is off before the original is turned up: a cough is shorter. Milliseconds. */
export const pauseMs = 1500;

/** Selects the interpreter and the volume of the original, which is full where the chosen booth gives nothing. */
export function selectAudio(
	choice: ListeningChoice,
	languages: readonly Language[],
	isSilent: boolean
): AudioSelection {
	const pinned = signerOf(choice, languages);
	const floor = (source: AudioSource, identity?: string): AudioSelection => ({
		source,
		// A silent interpreter stays subscribed: the next word is heard from its start.
		languages: { played: identity ? [identity] : [], floor: 1 },
		pinned
	});
	if (choice.language === null) return floor('floor');
	const booth = languages.find(({ language, is_signed }) => language === choice.language && !is_signed);
	if (!booth) return floor('closed');
	if (booth.identity === null) return floor('vacant');
	if (isSilent) return floor('silent', booth.identity);
	return { source: 'language', languages: { played: [booth.identity], floor: choice.floor }, pinned };
}

function signerOf({ signed }: ListeningChoice, languages: readonly Language[]): string[] {
	if (signed === 'none') return [];
	const signing = languages.filter(({ is_signed, identity }) => is_signed && identity !== null);
	const one = chosenSignLanguage(signed, languages);
	const chosen = one === 'any' ? signing[0] : signing.find(({ language }) => language === one);
	return chosen?.identity ? [chosen.identity] : [];
}

/** The sign language to show. A stored choice may name one that this session does not have: then any. */
export function chosenSignLanguage(signed: string, languages: readonly Language[]): string {
	const isHere = languages.some(({ language, is_signed }) => is_signed && language === signed);
	return signed === 'none' || isHere ? signed : 'any';
}

/** Reads a stored choice; missing or invalid values get their defaults. */
export function parseListeningChoice(value: unknown): ListeningChoice {
	if (typeof value !== 'object' || value === null) return defaultListening;
	const { language, floor, signed } = value as Record<string, unknown>;
	return {
		language: typeof language === 'string' ? language : null,
		floor: typeof floor === 'number' && floor >= 0 && floor <= 1 ? floor : defaultListening.floor,
		signed: typeof signed === 'string' ? signed : defaultListening.signed
	};
}
