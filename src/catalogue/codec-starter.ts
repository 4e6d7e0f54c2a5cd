import { namesOf, type Names, type StarterFile } from './starter.js';

/** The map that says what a vendor's codec means, with the ways to write each rule beside it. */
const mapText = (
  { id, vendor, model }: Names,
  file: string,
): string => `# What ${file} says, in Stellwerk's words: stellwerk ls models ${id} --catalogue FOLDER
vendor: ${vendor}
model: ${model}
source: where ${file} is from, and which version
codec: ${id}.codec.js # the vendor's file, unchanged; it runs in the sandbox
fPort: 1 # the port to encode for; every port is decoded
reading:
  # Each line: a field of the reading, and where in the codec's \`data\` it stands. What is absent there is absent here.
  occupied: occupied # a truth value; or: { from: parking.status, is: [occupied, 1] }
  batteryV: { from: battery_mv, factor: 0.001 } # or just the path, when it is volts already
  temperatureC: temperature
  # batteryPercent, batteryLow, humidityPercent, distanceMm, count, tamper, firmware, fault, restart as well, such as
  # fault: { from: error, text: { 1: radar-failed, 2: magnetometer-failed } }
# What tells a driver or a telephone apart, and must stay out of events:
# personal: [tag.id]
`;

/** A vendor's codec, unchanged, and a map for it. */
export const codecFiles = (
  id: string,
  codec: { readonly name: string; readonly text: string },
): readonly StarterFile[] => [
  { path: `${id}.codec.js`, text: codec.text },
  { path: `${id}.map.yaml`, text: mapText(namesOf(id), codec.name.split(/[\\/]/).at(-1)!) },
];
