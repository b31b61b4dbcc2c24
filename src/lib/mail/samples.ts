import { conditions } from './conditions.ts';
import { editable } from './editable.ts';

const day = 86_400_000;

/** Parameters of a sample mail, under the given conditions (conditions that are not given hold). */
export function sampleParams(template: string, combination: Record<string, boolean> = {}): Record<string, unknown> {
	const until = new Date(Math.ceil(Date.now() / day) * day + 10 * day + 12 * 3_600_000).toISOString();
	const params = {
		reference: 'ABCD2345',
		order: 'QRST678923',
		invoice: 'INV-2031-0042',
		invoice_id: '00000000-0000-4000-8000-000000000000',
		token: 'sample',
		position: 7,
		reason: 'Only one seat is left for your organisation.',
		question: 'Which session do you speak at?',
		note: 'It would be good to have you with us.',
		member: 'Quiet Harbour Foundation',
		amount: 25_000,
		owed: 10_000,
		currency: 'EUR',
		due_on: until.slice(0, 10),
		until,
		due_at: until,
		starts_at: until,
		role: 'stage',
		mode: 'in_person',
		title: { original: 'en', en: 'Hotlines across borders' },
		count: '2'
	};
	const own = (editable[template] ?? []).map(
		(name) => conditions[name]?.[combination[name] === false ? 'no' : 'yes'] ?? {}
	);
	return Object.assign({}, params, ...own) as Record<string, unknown>;
}
