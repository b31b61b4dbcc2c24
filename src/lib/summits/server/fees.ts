import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { feeRows, isBasicFee, type BasicFee } from '#lib/summits/fee-form.ts';
import { readListRows, removeRow, saveRow } from '#lib/summits/server/lists.ts';

/**
 * Makes the fees by mode and sector those given, row by row as the settings do, or records that there are none; false
 * when something was refused. A row keeps
 * the currency in which it was made, so another currency makes a new row.
 */
export async function saveBasicFees(
	client: DataClient,
	summit: string,
	fees: readonly BasicFee[],
	currency: string
): Promise<boolean> {
	const rows = (await readListRows(client, feeRows, summit)).filter(isBasicFee);
	const open = [...fees];
	for (const row of rows) {
		const at = open.findIndex(({ mode, sector }) => mode === row['mode'] && sector === row['sector']);
		const [fee] = at >= 0 && row['currency'] === currency ? open.splice(at, 1) : [];
		if (fee?.amount === row['amount']) continue;
		const status = fee
			? await saveRow(client, feeRows, summit, row.id, { ...fee, category: null, currency })
			: await removeRow(client, feeRows, summit, row.id);
		if (status !== 'ok') return false;
	}
	for (const fee of open)
		if ((await saveRow(client, feeRows, summit, null, { ...fee, category: null, currency })) !== 'ok') return false;
	return (await rpc(client, 'set_no_fees', { summit, has_no_fees: fees.length === 0 })) === 'ok';
}
