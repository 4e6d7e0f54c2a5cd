/** The devices file, and the lists of devices that others write. */
export const registry = {
  'file-in-use': {
    text: 'the file {file} is being changed by process {pid}',
    hint: 'Try again when that one has ended.',
  },
  'devices-shape': {
    text: '{file} is no list of devices',
    hint: 'A devices file is a YAML or JSON list. Devices inside a configuration are best moved: write devices: devices.yaml there.',
  },
  'devices-hand-made': {
    text: '{file} is written in a way that cannot be changed without risk',
    hint: 'Nothing was written. One device per list item, each beginning with a dash, can be changed; else edit the file by hand.',
  },
  'device-registered': {
    text: 'the {field} {value} is registered already, in {other}',
    hint: 'Take the old one away first (stellwerk devices rm {value}), or leave this one out.',
  },
  'device-not-listed': {
    text: 'no device in {file} has the DevEUI, name or bay {who}',
    hint: 'Nearest: {near}. stellwerk devices list shows all.',
  },
  'device-ambiguous': {
    text: '{who} is the name or bay of {count} devices: {found}',
    hint: 'Say which one by its DevEUI.',
  },
  'device-no-model': {
    text: 'no model is given for the sensor {devEui}',
    hint: 'Give --model ID for all, a column model, or --profile {profile}=ID for codes; stellwerk ls models shows the ids.',
  },
  'device-option': { text: '{option}: {why}', hint: '{hint}' },
  'device-no-key': {
    text: 'no {what} is given for {devEui}',
    hint: 'Give --keys-file FILE (- is standard input), or let devices add --generate-key make one. A QR code holds no key.',
  },
  'device-no-join-eui': {
    text: 'a QR code needs the JoinEUI, and that of {devEui} is not known',
    hint: 'Write joinEui under otaa in the devices file, or give --join-eui EUI.',
  },
  'rm-not-sure': {
    text: 'nobody is there to ask whether {who} may be taken away',
    hint: 'Say --yes. The keys are lost with the device.',
  },
  'import-refused': {
    text: '{bad} of {count} devices in {file} cannot be taken; nothing was written',
    hint: 'Mend them, or take the others with --skip-bad.',
  },
  'import-empty': { text: 'there is no device in {file}' },
  'keys-on-terminal': {
    text: 'the keys of {count} devices would be shown on this terminal',
    hint: 'Write them to a file of your own with --out FILE, leave them out with --no-keys, or insist with --show-keys.',
  },
  'csv-no-column': {
    text: 'no column has a DevEUI; the header has {have}',
    hint: 'The first line names the columns: devEui, joinEui, appKey, name, bay, lot, model. The case does not matter.',
  },
  'csv-column-twice': { text: 'the column {column} is there twice; first in column {first}' },
  'csv-quote-open': {
    text: 'a quoted text begins here and does not end',
    hint: 'A quote inside a quoted text is written twice.',
  },
  'csv-quote-stray': {
    text: 'something follows the end of a quoted text',
    hint: 'A quote inside a quoted text is written twice.',
  },
  'csv-number': {
    text: '{have} is what a spreadsheet makes of digits that it takes for a number: some of them are lost',
    hint: 'Format the columns of EUIs and keys as text, then put the values in again from their source.',
  },
  'csv-many-cells': {
    text: 'the row has {have} cells, the header {need}',
    hint: 'A cell with a {delimiter} in it needs quotes.',
  },
  'csv-columns-differ': { text: 'the columns {one} and {other} say different things of the same device' },
  'tr005-shape': {
    text: 'this is no QR code of LoRaWAN TR005: {why}',
    hint: 'Expected is LW:D0:JoinEUI:DevEUI:ProfileID, with 16, 16 and 8 hexadecimal digits.',
  },
  'tr005-part': { text: 'the {part} of the code (character {at}) is not {expected}' },
  'tr005-checksum': {
    text: 'the checksum of the code is {have}, its text gives {need}',
    hint: 'The code was misread or mistyped: scan it again.',
  },
  'qr-too-long': { text: 'a text of {have} characters fits into no QR code' },
} as const;
