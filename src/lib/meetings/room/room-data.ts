/** What the page of a meeting's room loads, as `depends` names it. */
export const roomData = 'meeting:room';
