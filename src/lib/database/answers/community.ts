import * as v from 'valibot';
import type { Answers } from './kinds.ts';

/** What these functions of the API answer. */
export const answers = {
	community_sections: v.array(v.picklist(['groups', 'commitments', 'library', 'campaigns']))
} satisfies Answers;
