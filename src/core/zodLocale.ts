/** Imported for its effect: without a locale, every message of zod/mini reads "Invalid input". */
import { config } from 'zod/mini';
import english from 'zod/v4/locales/en.js';

config(english());
