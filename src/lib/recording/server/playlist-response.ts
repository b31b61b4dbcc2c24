/** Answers with a playlist of HLS, which changes every few seconds. */
export const playlistResponse = (list: string): Response =>
	new Response(list, { headers: { 'content-type': 'application/vnd.apple.mpegurl', 'cache-control': 'no-store' } });
