import { opensByRole, ruleFor } from '#lib/accounts/guard.ts';
import type { Viewer } from '#lib/accounts/viewer.ts';
import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import type { NavSummit } from '#lib/ui/navigation.ts';
import { launchDetail, launchKinds, type LaunchLine } from '../launch.ts';

/** The checklist of a Summit, as far as the reader's roles do it. */
export async function listLaunchLines(client: DataClient, viewer: Viewer, place: NavSummit): Promise<LaunchLine[]> {
	const items = await rpc(client, 'list_launch_items', { summit: place.id });
	return items.map(({ details, ...item }) => {
		const { label, about, path, away } = launchKinds[item.key];
		const rule = ruleFor(away ? `/(stage)/[summit]${away}` : `/(organiser)/[summit]/organise${path}`);
		return {
			...item,
			label: label(),
			about: about(),
			detail: launchDetail({ key: item.key, details }),
			path: opensByRole(rule, viewer, place.id) ? `/${place.slug}${away ?? `/organise${path}`}` : null
		};
	});
}
