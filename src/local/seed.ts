/* Fills a fresh database with the sample Summit: SEED={"url":…,"sealingKey":…,"filesFolder":…} node src/local/seed.ts */
import pg from 'pg';
import { seedSample } from './sample/seed.ts';

const { url, ...opts } = JSON.parse(process.env.SEED ?? '{}') as {
	url: string;
	sealingKey: string;
	filesFolder?: string;
};
const client = new pg.Client({ connectionString: url });
await client.connect();
// The sample's organisers act before anybody could give them passkeys; the app sets what applies when it starts.
await client.query('select private.set_passkeys_required(false)');
await seedSample(client, { now: new Date(), ...opts });
await client.end();
