// A codec in the style of ChirpStack v3: Decode(fPort, bytes, variables) gives the object itself.
function Decode(fPort, bytes, variables) {
  var heads = [];
  for (var i = 0; i < 4; i++) {
    heads.push({ occupied: ((bytes[0] >> i) & 1) === 1, distance: bytes[1 + i] });
  }
  return { heads: heads, inverted: variables.inverted === 'yes' };
}

function Encode(fPort, obj, variables) {
  return [0x01, obj.minutes >> 8, obj.minutes & 0xff];
}
