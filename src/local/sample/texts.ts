import { readFileSync } from 'node:fs';
import type { TextMap } from '#lib/i18n/locale.ts';

/** One subject of the sample's agenda. */
export interface Topic {
	track?: string;
	format?: string;
	level?: 'public' | 'members' | 'chatham_house' | 'closed';
	audience?: 'government' | 'civil_society' | 'persons';
	title: TextMap;
	abstract?: TextMap;
	note?: TextMap;
	links?: { url: string; title: string; kind: 'link' | 'attachment' }[];
}

/** The sample's subjects. */
interface Topics {
	opening: Topic;
	live: Topic;
	second: Topic;
	closing: Topic;
	lunch: Topic;
	coffee: Topic;
	parallel: Topic[];
	relay: string[];
	relayAbstract: TextMap;
}

// A type, not an interface: rows have an index signature.
type Named = { slug: string; name: TextMap };

/** What the owner of the sample Summit has written. */
interface Texts {
	name: TextMap;
	/** The other editions, by their slugs. */
	editions: Record<'tallinn' | 'valletta' | 'kigali', Record<'name' | 'venue' | 'city', TextMap>>;
	summary: TextMap;
	venue: TextMap;
	city: TextMap;
	texts: Record<string, TextMap>;
	contacts: {
		kind: string;
		mail: string | null;
		telephone: string | null;
		label: TextMap;
		note: TextMap;
		hours: TextMap;
	}[];
	consents: { key: string; is_required: boolean; label: TextMap; detail: TextMap }[];
	tracks: Named[];
	formats: (Named & { minutes: number })[];
	rooms: (Named & {
		kind: 'hall' | 'overflow' | 'online';
		capacity: number | null;
		is_quiet_room?: boolean;
		directions?: TextMap;
		hours?: TextMap;
	})[];
	offices: Record<string, string[]>;
	biographies: TextMap[];
}

function read<T>(file: string): T {
	return JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as T;
}

export const topics = read<Topics>('topics.json');
export const texts = read<Texts>('texts.json');
