/** Comments around the entry of a session, by which the server finds it in rendered HTML. */
export const entryStart = (session: string) => `<!--entry:${session}-->`;
export const entryEnd = '<!--/entry-->';
