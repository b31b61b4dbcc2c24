import type { Language } from './interpretation.ts';

/** What somebody wants to hear and see of the booths; remembered on the device. */
export interface Wish {
	/** A spoken language; null: the floor. */
	language: string | null;
	/** How loud the floor is under an interpreter, 0 to 1. */
	floor: number;
	/** Sign language: the first that is there, none, or this one. */
	signed: string;
}

/**
 * What is heard: the floor by choice, the language, or the floor because the booth is silent (its microphone is off), vacant
 * (nobody is on air) or closed (this session has none).
 */
export type Heard = 'floor' | 'language' | 'silent' | 'vacant' | 'closed';

/** Which identities are heard and seen, as `wantedOf` of the stage takes it. */
export interface Hearing {
	heard: Heard;
	languages: { heard: string[]; floor: number };
	pinned: string[];
}

/** The floor, and a sign language where there is one. */
export const floorAlone: Wish = { language: null, floor: 0.15, signed: 'any' };

/** Who is heard and how loud the floor is; it comes up by itself where the chosen booth gives nothing. */
export function hearingOf(wish: Wish, languages: readonly Language[], isSilent: boolean): Hearing {
	const pinned = signerOf(wish, languages);
	const floor = (heard: Heard, identity?: string): Hearing => ({
		heard,
		// A silent voice stays subscribed: its next word is heard from the beginning.
		languages: { heard: identity ? [identity] : [], floor: 1 },
		pinned
	});
	if (wish.language === null) return floor('floor');
	const booth = languages.find(({ language, is_signed }) => language === wish.language && !is_signed);
	if (!booth) return floor('closed');
	if (booth.identity === null) return floor('vacant');
	if (isSilent) return floor('silent', booth.identity);
	return { heard: 'language', languages: { heard: [booth.identity], floor: wish.floor }, pinned };
}

function signerOf({ signed }: Wish, languages: readonly Language[]): string[] {
	if (signed === 'none') return [];
	const signing = languages.filter(({ is_signed, identity }) => is_signed && identity !== null);
	const one = signedIn(signed, languages);
	const chosen = one === 'any' ? signing[0] : signing.find(({ language }) => language === one);
	return chosen?.identity ? [chosen.identity] : [];
}

/** Which sign language is wanted here. A wish of another day may name one that this session has not: any, then. */
export function signedIn(signed: string, languages: readonly Language[]): string {
	const isHere = languages.some(({ language, is_signed }) => is_signed && language === signed);
	return signed === 'none' || isHere ? signed : 'any';
}

/** Reads a stored wish; what is missing or of another shape is as at first. */
export function wishFrom(value: unknown): Wish {
	if (typeof value !== 'object' || value === null) return floorAlone;
	const { language, floor, signed } = value as Record<string, unknown>;
	return {
		language: typeof language === 'string' ? language : null,
		floor: typeof floor === 'number' && floor >= 0 && floor <= 1 ? floor : floorAlone.floor,
		signed: typeof signed === 'string' ? signed : floorAlone.signed
	};
}
