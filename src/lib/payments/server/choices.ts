import { rpc } from '#lib/database/server/rpc.ts';
import type { PayerChoices } from '#lib/payments/choices.ts';
import type { DataClient } from '#lib/database/client.ts';

/** What the reader may do with an order that they pay; null for any other order. */
export const readChoices = (client: DataClient, order: string) =>
	rpc<PayerChoices | null>(client, 'read_payer_choices', { order_id: order });

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
	/** Why it must stay in an order of its own. */
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
	/** Without a name: a person whom the focal point may not see. */
	people: { registration: string | null; mode: 'in_person' | 'virtual'; amount: number; display_name: string | null }[];
}

export interface DelegationMoney {
	member: { id: string; name: string };
	unpaid: UnpaidSeat[];
	orders: MemberOrder[];
}

/** The orders and fees of each member whose focal point the reader is. */
export const delegationMoney = async (client: DataClient, summit: string) =>
	(await rpc<DelegationMoney[] | null>(client, 'list_delegation_orders', { summit })) ?? [];
