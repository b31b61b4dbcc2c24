/* The only script of an embedded page that needs no other: it tells the page around it its height. */
import { postHeight } from './height.ts';

postHeight();
