import { text } from '@sveltejs/kit';

/** Answers as long as the process runs. */
export const GET = () => text('ok', { headers: { 'cache-control': 'no-store' } });
