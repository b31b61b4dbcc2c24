import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';

/** The state of backups; null for readers who are no owners of the installation. */
export const readBackups = (client: DataClient) => rpc(client, 'read_backups');
