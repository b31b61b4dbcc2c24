/* A person's consents to one Summit as their page shows them. No I/O. */
import { text, type TextMap } from '#lib/i18n/locale.ts';

/** What a Summit asks consent for. */
export interface ConsentItem {
	id: string;
	/** `photographs` has an effect at the doors and on badges, `privacy` and `privacy_notice` link to the privacy notice. */
	key: string;
	label: TextMap;
	detail: TextMap;
	is_required: boolean;
}

/** The consent that asks about photographs, if the Summit has one: then nothing else asks about them. */
export const photographConsent = <Item extends Pick<ConsentItem, 'key'>>(items: readonly Item[]): Item | undefined =>
	items.find(({ key }) => key === 'photographs');

/** The page, below the Summit, that a consent refers to; null for none. */
export const consentPage = ({ key }: Pick<ConsentItem, 'key'>): 'privacy' | null =>
	key === 'privacy' || key === 'privacy_notice' ? 'privacy' : null;

/** What is recorded of one consent. */
export interface ConsentRecord {
	item_id: string;
	given_at: string | null;
	withdrawn_at: string | null;
	agreed_label: TextMap;
	agreed_detail: TextMap;
}

/** An item with what its person decided. */
export type OwnConsent<Item extends ConsentItem = ConsentItem> = Item & {
	state: 'given' | 'withdrawn' | 'none';
	givenAt: string | null;
	withdrawnAt: string | null;
	/** The text as agreed to; null if it was never given. */
	agreed: { label: TextMap; detail: TextMap } | null;
	/** The text has changed since, in the language in which it was agreed to. */
	isReworded: boolean;
};

/** Each item with its record. */
export function ownConsents<Item extends ConsentItem>(
	items: readonly Item[],
	records: readonly ConsentRecord[]
): OwnConsent<Item>[] {
	return items.map((item) => {
		const record = records.find(({ item_id }) => item_id === item.id);
		const agreed = record?.given_at ? { label: record.agreed_label, detail: record.agreed_detail } : null;
		return {
			...item,
			state: !agreed ? 'none' : record?.withdrawn_at ? 'withdrawn' : 'given',
			givenAt: record?.given_at ?? null,
			withdrawnAt: record?.withdrawn_at ?? null,
			agreed,
			isReworded:
				agreed !== null && !(isSame(item.label, agreed.label) && isSame(item.detail, agreed.detail, agreed.label))
		};
	});
}

/** Whether the present text is the agreed one; an empty one has no language, and takes that of the label. */
function isSame(present: TextMap, agreed: TextMap, label = agreed): boolean {
	return text(present, agreed['original'] ?? label['original']).text === text(agreed).text;
}
