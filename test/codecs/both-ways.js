// All three functions of TS013.
function decodeUplink(input) {
  return { data: { occupied: input.bytes[0] === 1 } };
}

function encodeDownlink(input) {
  if (typeof input.data.minutes !== 'number') {
    return { errors: ['minutes are missing'] };
  }
  return { bytes: [0x10, (input.data.minutes >> 8) & 0xff, input.data.minutes & 0xff], fPort: 12, warnings: [] };
}

function decodeDownlink(input) {
  if (input.fPort !== 12 || input.bytes[0] !== 0x10) {
    return { errors: ['unknown command'] };
  }
  return { data: { minutes: (input.bytes[1] << 8) | input.bytes[2] } };
}
