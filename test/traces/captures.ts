import { hex } from '../../src/base/hex.js';
import { usFromIso } from '../../src/base/time.js';
import { aesKey } from '../../src/lorawan/aes.js';
import { sealData } from '../../src/lorawan/frame.js';
import type { RxFrame } from '../../src/lorawan/radio.js';

/** Keys of this trace: invented, the payloads inside are real. */
export const nwkSKey = '000102030405060708090a0b0c0d0e0f';
export const appSKey = 'f0e0d0c0b0a090807060504030201000';
export const gatewayEui = '0253544b54455354';

/** A payload that a real sensor sent, the moment that its source gives (or an invented one), and what it must become. */
export interface Capture {
  readonly at: string;
  readonly bay: string;
  readonly model: 'pni-placepod' | 'bosch-tps110';
  readonly devAddr: number;
  readonly fCnt: number;
  readonly fPort: number;
  readonly payload: string;
  readonly source: string;
  /** The parking events, as far as the payload fixes them. */
  readonly expect: readonly Readonly<Record<string, unknown>>[];
}

const karlsruhe = 'ParkAPI converters, test data karlsruhe_disabled_realtime.json';

/** Oldest first. */
export const captures: readonly Capture[] = [
  {
    at: '2025-02-13T06:42:10.891586Z',
    bay: 'ka-1',
    model: 'pni-placepod',
    devAddr: 0x26011001,
    fCnt: 812,
    fPort: 2,
    payload: '02670028376600',
    source: `${karlsruhe}: keep-alive 1, free, 4.0 °C (bytes made from the published reading)`,
    expect: [{ kind: 'freed', occupied: false, temperatureC: 4, quality: ['first-report', 'single-gateway'] }],
  },
  {
    at: '2025-07-20T02:49:43.103258Z',
    bay: 'ka-2',
    model: 'pni-placepod',
    devAddr: 0x26011002,
    fCnt: 70_001,
    fPort: 2,
    payload: '050005060005376600',
    source: `${karlsruhe}: published as unparseable`,
    expect: [{ kind: 'freed', occupied: false, fault: 'error-register-5', quality: ['first-report', 'fault', 'single-gateway'] }],
  },
  {
    at: '2025-11-10T11:32:26.471792Z',
    bay: 'ka-3',
    model: 'pni-placepod',
    devAddr: 0x26011003,
    fCnt: 9,
    fPort: 2,
    payload: '050002060000376600',
    source: `${karlsruhe}: published as unparseable`,
    expect: [{ kind: 'freed', occupied: false, fault: 'error-register-2' }],
  },
  {
    at: '2025-11-10T13:46:44.188893Z',
    bay: 'ka-3',
    model: 'pni-placepod',
    devAddr: 0x26011003,
    fCnt: 10,
    fPort: 2,
    payload: '156601156600',
    source: 'PNI-Cloud/PlacePod-Api test: occupied, then free, in one frame',
    expect: [
      { kind: 'occupied', occupied: true },
      { kind: 'freed', occupied: false },
    ],
  },
  {
    at: '2025-11-10T13:50:00.000000Z',
    bay: 'ka-2',
    model: 'pni-placepod',
    devAddr: 0x26011002,
    fCnt: 70_002,
    fPort: 2,
    payload: '05000506000E050005060010376601',
    source: 'sjkp/PNI.PlacePod test: a real capture that its library gives up on',
    expect: [{ kind: 'occupied', occupied: true, fault: 'error-register-5' }],
  },
  {
    at: '2025-11-10T14:00:00.000000Z',
    bay: 'bosch-1',
    model: 'bosch-tps110',
    devAddr: 0x26011004,
    fCnt: 0,
    fPort: 3,
    payload: '00000000990200D100030000001D020200',
    source: 'CampusIoT capture, firmware 0.29.2',
    expect: [{ kind: 'freed', occupied: false, restart: 'power-on', quality: ['first-report', 'restarted', 'single-gateway'] }],
  },
  {
    at: '2025-11-10T14:01:00.000000Z',
    bay: 'bosch-1',
    model: 'bosch-tps110',
    devAddr: 0x26011004,
    fCnt: 1,
    fPort: 2,
    payload: '01FF',
    source: 'lorawan-devices vendor/bosch example: heartbeat, occupied, -1 °C',
    expect: [{ kind: 'occupied', occupied: true, temperatureC: -1 }],
  },
  {
    at: '2025-11-10T14:02:00.000000Z',
    bay: 'bosch-1',
    model: 'bosch-tps110',
    devAddr: 0x26011004,
    fCnt: 2,
    fPort: 6,
    payload: '45730100970C22CD0022',
    source: 'lorawan-devices vendor/bosch example: debug code 717',
    expect: [{ kind: 'notice', occupied: true, fault: 'uplink-unacknowledged' }],
  },
];

/** The captures as frames that a gateway heard. */
export const frames = (): readonly RxFrame[] =>
  captures.map(({ at, devAddr, fCnt, fPort, payload }, i) => ({
    phy: sealData({
      uplink: true,
      confirmed: false,
      devAddr,
      fCnt,
      fPort,
      payload: hex(payload),
      nwkSKey: aesKey(hex(nwkSKey)),
      appSKey: aesKey(hex(appSKey)),
    }),
    atUs: usFromIso(at)!,
    gateway: gatewayEui,
    tmst: (1_000_000 * (i + 1)) >>> 0,
    freqHz: 868_100_000 + 200_000 * (i % 3),
    dataRate: { kind: 'lora', sf: 7 + (i % 6), bwHz: 125_000 },
    codingRate: '4/5',
    rssiDbm: -97 + i,
    snrDb: 5.5,
    crc: 'ok',
    channel: i % 3,
    rfChain: 0,
  }));
