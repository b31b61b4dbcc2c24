/* Fills a fresh database with the sample Summit: SEED={"url":…,"sealingKey":…} node src/local/seed.ts */
import pg from 'pg';
import { seedSample } from './sample/seed.ts';

const { url, sealingKey } = JSON.parse(process.env.SEED ?? '{}') as { url: string; sealingKey: string };
const client = new pg.Client({ connectionString: url });
await client.connect();
await seedSample(client, { now: new Date(), sealingKey });
await client.end();
