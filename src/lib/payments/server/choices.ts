import { ask } from '#lib/database/server/ask.ts';
import type { PayerChoices } from '#lib/payments/choices.ts';
import type { SupabaseClient } from '@supabase/supabase-js';

/** What the reader may do with an order that they pay; null for an order that is none of theirs. */
export const readChoices = (client: SupabaseClient, order: string) =>
	ask<PayerChoices | null>(client, 'read_payer_choices', { order_id: order });

/** A seat of the delegation that is not paid yet. */
export interface UnpaidSeat {
	order_id: string;
	reference: string;
	registration_id: string;
	registration: string;
	display_name: string;
	mode: 'in_person' | 'virtual';
	amount: number;
	currency: string;
	due_at: string;
	/** What keeps it in an order of its own. */
	obstacle: string | null;
	waiver: string | null;
}

/** An order that a member pays. */
export interface MemberOrder {
	id: string;
	reference: string;
	currency: string;
	charged: number;
	paid: number;
	balance: number;
	due_at: string;
	state: string;
	obstacle: string | null;
	/** Without a name: somebody whom the focal point does not see. */
	people: { registration: string | null; mode: 'in_person' | 'virtual'; amount: number; display_name: string | null }[];
}

export interface DelegationMoney {
	member: { id: string; name: string };
	unpaid: UnpaidSeat[];
	orders: MemberOrder[];
}

/** The money of each member whose focal point the reader is. */
export const delegationMoney = async (client: SupabaseClient, summit: string) =>
	(await ask<DelegationMoney[] | null>(client, 'list_delegation_orders', { summit })) ?? [];
