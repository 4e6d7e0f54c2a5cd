// A codec in the style of The Things Network v2: Decoder(bytes, port) and Encoder(object, port).
function Decoder(bytes, port) {
  var decoded = {};
  if (port === 1) {
    decoded.car = !!bytes[0];
    decoded.battery = bytes[1] / 10;
  }
  return decoded;
}

function Encoder(object, port) {
  var bytes = [];
  if (port === 5) bytes.push(object.led ? 1 : 0);
  return bytes;
}
