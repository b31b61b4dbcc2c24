import * as v from 'valibot';
import { answer } from './answer.ts';
import { MyRegistration } from './registration/registration.ts';
import { TextMap } from './text-map.ts';
import type { Answers, PrivateAnswers } from './kinds.ts';

/** One valid badge on the list. */
export const ListedBadge = v.strictObject({
	badge: v.string(),
	registration: v.string(),
	issued_at: v.string(),
	display_name: v.string(),
	affiliation: v.string(),
	category: v.string(),
	no_photographs: v.boolean(),
	prints: v.number(),
	printed_at: v.nullable(v.string()),
	printed_by: v.nullable(v.string())
});
export type ListedBadge = v.InferOutput<typeof ListedBadge>;

/** A page of the list. */
export const BadgeList = v.strictObject({
	total: v.number(),
	/** Of the whole Summit. */
	unprinted: v.number(),
	rows: v.array(ListedBadge),
	members: v.array(
		v.strictObject({
			id: v.string(),
			name: v.string()
		})
	)
});
export type BadgeList = v.InferOutput<typeof BadgeList>;

/** One badge as the database returns it: the display record, and nothing that distinguishes an alias from a name. */
export const PaperBadge = v.strictObject({
	badge: v.string(),
	badge_code: v.string(),
	display_name: v.string(),
	office: v.string(),
	affiliation: v.string(),
	country: v.nullable(v.string()),
	category: v.string(),
	languages: v.array(v.string()),
	no_photographs: v.boolean(),
	/** The answer that badges show, a label for each choice. */
	line: v.array(TextMap)
});
export type PaperBadge = v.InferOutput<typeof PaperBadge>;

/** What came of a new badge. `changed`: another desk was faster. */
export const Reissued = answer(
	{ ok: { badge: v.string() }, changed: { badge: v.nullable(v.string()) } },
	'no_badge',
	'reason_needed',
	'not_allowed'
);
export type Reissued = v.InferOutput<typeof Reissued>;

/** What a wallet pass shows; nobody holds it once its badge is no longer valid. */
export const WalletContent = v.strictObject({
	summit: v.strictObject({
		id: v.string(),
		name: TextMap,
		city: TextMap,
		zone: v.string(),
		starts_on: v.string(),
		ends_on: v.string()
	}),
	holder: v.nullable(
		v.strictObject({
			...v.pick(MyRegistration, [
				'display_name',
				'office',
				'affiliation',
				'country',
				'member',
				'category',
				'forbids_photographs',
				'protection',
				'badge'
			]).entries
		})
	)
});
export type WalletContent = v.InferOutput<typeof WalletContent>;

/** What these functions answer. */
export const answers = {
	list_badges: v.nullable(BadgeList),
	list_badges_to_print: v.nullable(v.array(PaperBadge)),
	reissue_printed_badges: v.nullable(v.array(v.string())),
	reissue_badge: Reissued
} satisfies Answers;

export const privateAnswers = {
	read_wallet_pass: v.strictObject({
		badge_id: v.string(),
		locale: v.string(),
		changed_at: v.date(),
		content: WalletContent
	}),
	list_wallet_passes: v.strictObject({ badge_id: v.string(), changed_at: v.date() }),
	claim_wallet_pushes: v.strictObject({ badge_id: v.string(), device: v.string(), push_token: v.string() }),
	claim_google_passes: v.strictObject({ badge_id: v.string(), locale: v.string(), content: WalletContent })
} satisfies PrivateAnswers;
