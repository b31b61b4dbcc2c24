/** What the page of a meeting's room loads, as `depends` names it. */
export const roomData = 'meeting:room';

/** What the pages of interpreters and captioners load. */
export const staffData = 'meeting:staff';

/** How many people send their camera in one room at a time, as the database decides (room_cameras.sql). */
export const mostCameras = 50;
