/** Every message, by noun and name: `m.agenda_now_and_next()`. */
export { m } from './generated/messages.js';
