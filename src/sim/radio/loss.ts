// What distance takes, in dB, on the mean. All of these are straight lines over the logarithm of the distance.

/** `referenceDb + 10 * exponent * log10(metres)`. */
export interface LogDistance {
  readonly referenceDb: number;
  readonly exponent: number;
}

/** Models by name, as simulators have them. */
export const lossModels = ['ns-3', 'okumura-hata', 'hata-actility', 'oulu', 'lorasim', 'free-space'] as const;
export type LossModel = (typeof lossModels)[number];

/** The model of a link; heights in metres count for Okumura-Hata only. */
export const lossOf = (
  model: LossModel,
  heights: { readonly gatewayM: number; readonly sensorM: number },
): LogDistance => {
  switch (model) {
    // signetlabdei/lorawan, examples/complete-network-example.cc.
    case 'ns-3':
      return { referenceDb: 7.7, exponent: 3.76 };
    // florasim LoRaHataOkumura.ned: 127.5 + 35.2 log10(km).
    case 'hata-actility':
      return { referenceDb: 127.5 - 3 * 35.2, exponent: 3.52 };
    // florasim LoRaPathLossOulu.ned: 128.95 + 23.2 log10(km), without its antenna gain.
    case 'oulu':
      return { referenceDb: 128.95 - 3 * 23.2, exponent: 2.32 };
    // mcbor/lorasim loraDir.py: 127.41 dB at 40 m. Measured inside a building: nothing for a street.
    case 'lorasim':
      return { referenceDb: 127.41 - 20.8 * Math.log10(40), exponent: 2.08 };
    case 'free-space':
      return { referenceDb: 20 * Math.log10(carrierHz) - 147.55, exponent: 2 };
    case 'okumura-hata':
      return okumuraHata(Math.max(1, heights.gatewayM), Math.max(0, heights.sensorM));
  }
};

const carrierHz = 868_100_000;

/**
 * Okumura-Hata for the streets of a large city above 300 MHz (Hata 1980): meant for antennas of 30 to 200 m and 1 to 10 m; a
 * sensor in the road is below that, which `air.sensorHeightM` says.
 */
const okumuraHata = (gatewayM: number, sensorM: number): LogDistance => {
  const mhz = carrierHz / 1e6;
  const sensorDb = 3.2 * Math.log10(11.75 * Math.max(0.1, sensorM)) ** 2 - 4.97;
  const slope = 44.9 - 6.55 * Math.log10(gatewayM);
  const atKmDb = 69.55 + 26.16 * Math.log10(mhz) - 13.82 * Math.log10(gatewayM) - sensorDb;
  return { referenceDb: atKmDb - 3 * slope, exponent: slope / 10 };
};
