// A codec in the style of The Things Stack's device repository: one function, legacy helpers beside it.
var STATES = ['free', 'occupied', 'error'];

function readUint16(bytes, at) {
  return (bytes[at] << 8) | bytes[at + 1];
}

function decodeUplink(input) {
  var bytes = input.bytes;
  var warnings = [];
  switch (input.fPort) {
    case 2:
      if (bytes.length < 4) {
        return { errors: ['payload of ' + bytes.length + ' bytes, 4 are needed'] };
      }
      var millivolt = readUint16(bytes, 1);
      if (millivolt < 3200) {
        warnings.push('battery is low');
      }
      return {
        data: {
          parking: { status: STATES[bytes[0] & 0x03] || 'error', car: (bytes[0] & 0x03) === 1 },
          battery: (millivolt / 1000).toFixed(2),
          tempRaw: (bytes[3] << 24) >> 24,
          time: input.recvTime,
        },
        warnings: warnings,
      };
    case 3:
      return { data: { reset: bytes[0], tag: String.fromCharCode.apply(null, bytes.slice(1)) } };
    default:
      return { errors: ['unknown FPort'] };
  }
}
