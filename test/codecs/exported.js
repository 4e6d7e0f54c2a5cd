'use strict';
// A codec that is also a module: its functions are exported, and declared with const.
const flags = { occupied: 0x01, tamper: 0x02 };

const decodeUplink = ({ bytes }) => ({
  data: Object.fromEntries(Object.entries(flags).map(([name, bit]) => [name, (bytes[0] & bit) !== 0])),
});

exports.decodeUplink = decodeUplink;
if (typeof module !== 'undefined') module.exports = { decodeUplink };
