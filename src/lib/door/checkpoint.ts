import type { TextMap } from '#lib/i18n/locale.ts';

/** Kinds of checkpoints, as the database names them. */
export const checkpointKinds = ['entrance', 'room', 'session', 'meal', 'other'] as const;

/** Where badges are read. */
export interface Checkpoint {
	id: string;
	kind: (typeof checkpointKinds)[number];
	/** The place behind it: `building`, or the id of a room, session or of the checkpoint itself. */
	place: string;
	name: TextMap;
	both_ways: boolean;
	capacity: number | null;
	own_capacity: number | null;
	categories: string[];
	opens_at: string | null;
	closes_at: string | null;
	position: number;
	ended: boolean;
}
