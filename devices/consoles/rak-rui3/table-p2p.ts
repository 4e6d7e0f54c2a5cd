import type { CommandTable } from '../../../src/console/dialect.js';
import { flag, hexBytes, int, key, optional } from '../../../src/console/params.js';
import { bandwidth, receiving } from './params.js';

const hz = int(150_000_000, 960_000_000, 'Hz');
const spreading = int(5, 12);
const codingRate = int(0, 3);
const preamble = int(5, 65_535);
const power = int(5, 22, 'dBm');
const both = <P>(param: P): { readonly read: readonly [P]; readonly write: readonly [P] } => ({
  read: [param],
  write: [param],
});

/** What is refused in LoRaWAN mode: LoRa and FSK from board to board. */
export const p2p = {
  p2pHz: { word: '+PFREQ', what: 'frequency', ...both(hz) },
  spreading: { word: '+PSF', what: 'spreading factor', ...both(spreading) },
  bandwidth: { word: '+PBW', what: 'bandwidth', ...both(bandwidth) },
  codingRate: { word: '+PCR', what: 'coding rate: 0 is 4/5, 3 is 4/8', ...both(codingRate) },
  preamble: { word: '+PPL', what: 'preamble', ...both(preamble) },
  power: { word: '+PTP', what: 'power', ...both(power) },
  p2p: {
    word: '+P2P',
    what: 'frequency, spreading, bandwidth, coding rate, preamble, power, not kept',
    read: [hz, spreading, bandwidth, codingRate, preamble, power],
    write: [hz, spreading, bandwidth, codingRate, preamble, power, optional(flag)],
  },
  fskBitRate: { word: '+PBR', what: 'bit rate of FSK', ...both(int(600, 300_000, 'bit/s')) },
  fskDeviation: { word: '+PFDEV', what: 'deviation of FSK', ...both(int(600, 200_000, 'Hz')) },
  p2pSend: { word: '+PSEND', what: 'send from board to board', write: [hexBytes(1, 239)] },
  p2pReceive: {
    word: '+PRECV',
    what: 'receive: 0 stop, so many ms, 65533 always and send, 65534 always, 65535 one frame',
    read: [receiving],
    write: [int(0, 65_535)],
  },
  encrypt: { word: '+ENCRY', what: 'encryption', ...both(flag) },
  // Eight bytes in firmware of version 3.
  encryptionKey: { word: '+ENCKEY', what: 'key of the encryption', ...both(key(16)) },
  encryptionStart: { word: '+CRYPIV', what: 'starting value of the encryption', ...both(key(16)) },
  listen: { word: '+CAD', what: 'listen before sending', ...both(flag) },
  inverted: { word: '+IQINVER', what: 'inverted polarisation', ...both(flag) },
  syncWord: { word: '+SYNCWORD', what: 'sync word', ...both(hexBytes(2)) },
  // The same settings under the names of the radio's data sheet.
  radioHz: { word: '+RFFREQUENCY', what: 'frequency', ...both(hz) },
  radioPower: { word: '+TXOUTPUTPOWER', what: 'power', ...both(power) },
  radioBandwidth: { word: '+BANDWIDTH', what: 'bandwidth', ...both(bandwidth) },
  radioSpreading: { word: '+SPREADINGFACTOR', what: 'spreading factor', ...both(spreading) },
  radioCodingRate: { word: '+CODINGRATE', what: 'coding rate', ...both(codingRate) },
  radioPreamble: { word: '+PREAMBLELENGTH', what: 'preamble', ...both(preamble) },
  symbolTimeout: { word: '+SYMBOLTIMEOUT', what: 'how long it waits for a frame, in symbols', ...both(int(0, 248)) },
  fixedLength: { word: '+FIXLENGTHPAYLOAD', what: 'frames of one length', ...both(flag) },
} as const satisfies CommandTable;
