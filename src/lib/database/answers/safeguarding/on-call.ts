import * as v from 'valibot';
import type { Answers, PrivateAnswers } from '../kinds.ts';
import { TextMap } from '../text-map.ts';
import { Category } from './cases.ts';

/** To which authority cases of these kinds are reported, within so many hours. */
const Duty = v.strictObject({
	id: v.string(),
	authority: v.string(),
	address: v.string(),
	hours: v.number(),
	categories: v.array(Category),
	note: v.string()
});

/** The on-call rota of a Summit. */
export const OnCall = v.strictObject({
	/** After how many an alarm goes on to the next. */
	minutes: v.number(),
	has_phone: v.boolean(),
	leads: v.array(v.strictObject({ id: v.string(), display_name: v.string() })),
	shifts: v.array(
		v.strictObject({
			id: v.string(),
			display_name: v.string(),
			starts_at: v.string(),
			ends_at: v.string(),
			position: v.number(),
			is_now: v.boolean()
		})
	)
});
export type OnCall = v.InferOutput<typeof OnCall>;

/** What these functions answer. */
export const answers = {
	read_on_call: v.nullable(OnCall),
	read_duties: v.nullable(v.array(Duty))
} satisfies Answers;

/** What these functions of `private` answer: their value, or their row. */
export const privateAnswers = {
	claim_alarm_calls: v.strictObject({
		id: v.string(),
		/** Of a browser; null for a text message. */
		endpoint: v.nullable(v.string()),
		p256dh: v.nullable(v.string()),
		auth: v.nullable(v.string()),
		number_sealed: v.nullable(v.instance(Buffer)),
		key_id: v.nullable(v.string()),
		locale: v.string(),
		slug: v.string(),
		summit_name: TextMap
	}),
	record_alarm_call: v.nullable(v.date())
} satisfies PrivateAnswers;
