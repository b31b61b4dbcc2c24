import { listOf } from '#lib/summits/lists.ts';
import type { ParamMatcher } from '@sveltejs/kit';

/** The lists that an owner keeps: rooms, tracks, formats, fees, consents, contacts. */
export const match: ParamMatcher = (value) => listOf(value) !== null;
