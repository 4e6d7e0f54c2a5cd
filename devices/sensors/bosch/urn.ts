import { layout } from '../../../src/codec/layout.js';
import { hexBytes, oneOfOrUnknown, uint } from '../../../src/codec/parts.js';
import { reshape } from '../../../src/codec/reshape.js';

/** Port 4, 11 bytes: bytes 0-2 and 6-10 are the DevEUI; the product class stands in two pieces around the variant. */
export const urn = reshape(
  layout({
    oui: hexBytes(3),
    classLow: uint(4),
    variant: uint(4),
    classHigh: uint(8),
    region: oneOfOrUnknown(8, { eu868: 0, as923: 1 }),
    serial: hexBytes(5),
  }),
  {
    to: ({ oui, classLow, classHigh, serial, variant, region }) => ({
      devEui: oui + serial,
      productClass: classHigh * 16 + classLow,
      variant,
      region,
    }),
    from: ({ devEui, productClass, variant, region }) =>
      typeof devEui === 'string' &&
      /^[0-9a-f]{16}$/.test(devEui) &&
      Number.isInteger(productClass) &&
      productClass >= 0 &&
      productClass < 4096
        ? {
            oui: devEui.slice(0, 6),
            classLow: productClass & 15,
            variant,
            classHigh: productClass >> 4,
            region,
            serial: devEui.slice(6),
          }
        : undefined,
    takes: 'devEui (16 hexadecimal digits), productClass (0 to 4095), variant and region',
  },
);
