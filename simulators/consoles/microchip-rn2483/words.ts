import type { ModemRefusal } from '../../../src/sim/modem-types.js';

/** The word for what its MAC refuses. */
export const refusalWord = (refusal: ModemRefusal): string => {
  switch (refusal.kind) {
    case 'busy':
      return 'busy';
    case 'not-joined':
      return 'not_joined';
    case 'not-otaa':
      return 'keys_not_init';
    case 'too-long':
      return 'invalid_data_len';
    case 'wait':
      return 'no_free_ch';
  }
};
